"""Floor 5: what the outside can ask. HTTP, command line and the transactions behind them."""
