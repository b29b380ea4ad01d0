"""Floor 2: who looks after which ground. Areas, codes, hierarchy, jurisdictions and the locator."""
