"""What a deployment needs: Prometheus, Grafana, the image, default sources."""
