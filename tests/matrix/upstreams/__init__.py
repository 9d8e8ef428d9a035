"""One scripted upstream for each dialect, written from the providers' public wire formats."""
