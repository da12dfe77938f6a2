"""The container image, and the test that puts it to work."""
