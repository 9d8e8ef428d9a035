"""A worker of the direct engine, made of virtual time: all of it but the model is real."""
