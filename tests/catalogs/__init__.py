"""Every string a person reads is translatable, and translated: `python -m tests.catalogs`."""
