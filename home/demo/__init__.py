"""An invented province to try the platform on; ``manage.py load_demo`` puts it in place."""
