"""Areas, hexagons and points as vector tiles (Mapbox Vector Tile 2.1), made in memory.

`scheme` says which square a tile is, `simplification` draws areas with fewer points far away,
`cutting` takes what lies in a tile and puts it on the tile's grid, `commands` and `protobuf` write
it, `encoding` puts that together. `pyramid` has the sources that answer for any tile, `gathering`
the rule by which points are counted so that small counts stay unknown, `cache` keeps tiles.
"""
