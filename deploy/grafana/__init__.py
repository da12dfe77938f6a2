"""Grafana: dashboards built with its typed SDK, and the provisioning that loads them."""
