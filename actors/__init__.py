"""Who acts: the kernel, and one actor per file. No sockets, files, threads or wall clock here."""
