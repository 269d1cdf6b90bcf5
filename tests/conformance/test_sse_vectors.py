"""The recorded event streams, each cut into chunks in several ways."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from itertools import accumulate
from pathlib import Path

import pytest

from dragoman.chat.framing.frames import Datum
from dragoman.chat.framing.sse import SseDecoder

pytestmark = pytest.mark.conformance


def test_every_chunking_gives_its_events_in_time():
    lines = (Path(os.environ["DRAGOMAN_CONFORMANCE"]) / "vectors" / "sse.jsonl").read_text("utf-8").split("\n")
    cases = [json.loads(line) for line in lines if line]
    assert cases
    assert [problem for case in cases for problem in problems_of(case)] == []


def problems_of(case: dict) -> list[str]:
    decoder = SseDecoder()
    arrivals = [decoder.feed(b64decode(chunk)) for chunk in case["chunks_b64"]]
    arrivals.append(decoder.flush())
    events = [frame for frames in arrivals for frame in frames if isinstance(frame, Datum)]
    problems = []
    if events != [Datum(event["data"], event["event"], event["id"]) for event in case["expected_events"]]:
        problems.append(f"{case['name']}: {events}")
    counts = list(accumulate(len(frames) for frames in arrivals[:-1]))
    for number, (count, wanted) in enumerate(zip(counts, case.get("min_events_after_chunk", counts), strict=True)):
        if count < wanted:
            problems.append(f"{case['name']}: {count} events after chunk {number}, wanted {wanted}")
    return problems
