"""Properties that hold in every order of acts."""
