"""吹哨报到 Units called to a case: sign, contact, report in, result; scored both ways."""
