"""The first start: pages that create a desk."""
