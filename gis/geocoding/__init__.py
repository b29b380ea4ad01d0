"""From a written Chinese address to ranked candidate places, each with a radius."""
