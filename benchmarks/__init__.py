"""Measurements that are published with a release: how right the reading is, and how fast."""
