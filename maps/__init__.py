"""Floor 4: what people look at. Styles, pages and offline map files."""
