"""The pure core: values in, values out. Nothing here opens a file, a socket, a database or a clock."""
