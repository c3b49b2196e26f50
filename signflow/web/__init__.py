"""The web: areas, each with its views, forms and templates, on common ground. Areas do not import each other."""
