"""Tests that open the cockpit in a real Chromium; skipped where there is none."""
