"""承办 The units of a case: sent, signed for, contacted, reported in, delivered, accepted."""
