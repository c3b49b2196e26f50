"""Things to test with, made through the services, as the program makes them."""
