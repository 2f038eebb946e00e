@rem On Windows: scripts of package.json say exec, so that elsewhere npm hands its signals to the program and not to a shell.
@%*
