"""Tests of finding model servers, and of the listings that are kept fresh."""
