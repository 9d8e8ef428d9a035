"""The resource-watcher's mind, alone and on a machine that is played."""
