"""The twenty pains that users of gateways report most, and that Understudy does not have.

One test for each, named after it, at the level that shows it best: what the codecs write, or the
product's own actors over simulated ports. They are short on purpose; other tests know the details.
"""
