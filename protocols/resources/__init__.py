"""The memory of this machine: who may have how much of it, and who leaves when it runs short."""
