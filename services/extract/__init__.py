"""cleaned → extracted: who did what with which drug, nuclide, device, site and money."""
