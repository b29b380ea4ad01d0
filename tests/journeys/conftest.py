"""The application with the small district, and people of every role."""

from tests.api.conftest import client, clock, district, district_url, file
from tests.api.life.conftest import people

__all__ = ["client", "clock", "district", "district_url", "file", "people"]
