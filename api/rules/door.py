"""The way in for routes: what decides about reports now."""

from typing import Annotated

from fastapi import Depends, Request

from api.rules.service import Bench, CurrentBench


def held_by(request: Request) -> CurrentBench:
    """Who holds what decides, of this server."""
    held: CurrentBench = request.app.state.bench
    return held


def _now(request: Request) -> Bench:
    return held_by(request).current()


BenchNow = Annotated[Bench, Depends(_now)]
HeldBench = Annotated[CurrentBench, Depends(held_by)]
