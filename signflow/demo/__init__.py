"""An invented coalition with ten statements, made through the services alone, so that a reader can try everything at once."""
