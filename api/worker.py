"""The clock and the deliveries: what happens without anybody asking."""
