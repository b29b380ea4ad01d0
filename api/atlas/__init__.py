"""图层与页面 What is on the map: the areas of an edition as layers, and the first screen."""
