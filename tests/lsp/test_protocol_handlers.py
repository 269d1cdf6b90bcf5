"""What handlers get and what becomes of what they return."""

from raw_client import RawClient

ODD = {"_meta": 1, "class": {"from": [{"type_name": "x", "2nd": None}]}, "snake_case": True, "": 0}


def test_params_and_results_of_our_own_methods_stay_as_they_are(shared_sample: RawClient) -> None:
    assert shared_sample.request("sample/echo", ODD)["result"] == {"params": ODD, "type": "dict"}
    assert shared_sample.request("sample/echo")["result"] == {"params": {}, "type": "dict"}


def test_arguments_of_commands_stay_as_they_are(shared_sample: RawClient) -> None:
    params = {"command": "sample.join", "arguments": [ODD]}
    assert shared_sample.request("workspace/executeCommand", params)["result"] == [ODD, None]


def test_answers_of_the_client_stay_as_they_are(shared_sample: RawClient) -> None:
    id_ = shared_sample.start_request("sample/ask", ODD)
    question = shared_sample.receive()
    assert (question["method"], question["params"]) == ("sample/question", ODD)
    shared_sample.send({"jsonrpc": "2.0", "id": question["id"], "result": ODD})
    assert shared_sample.answer(id_)["result"] == {"answer": ODD}


def test_an_error_of_the_client_is_raised(shared_sample: RawClient) -> None:
    id_ = shared_sample.start_request("sample/ask", {})
    asked = shared_sample.receive()["id"]
    shared_sample.send({"jsonrpc": "2.0", "id": asked, "error": {"code": -32601, "message": "no such thing"}})
    assert shared_sample.answer(id_)["result"] == {"raised": "JsonRpcException: no such thing"}


def test_typed_requests_to_the_client(shared_sample: RawClient) -> None:
    id_ = shared_sample.start_request("sample/applyEdit")
    asked = shared_sample.receive()
    assert (asked["method"], asked["params"]) == ("workspace/applyEdit", {"edit": {}})
    shared_sample.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": True, "mood": "good"}})
    assert shared_sample.answer(id_)["result"] is True


def test_a_typed_result_that_does_not_validate_is_raised(shared_sample: RawClient) -> None:
    id_ = shared_sample.start_request("sample/applyEdit")
    shared_sample.send({"jsonrpc": "2.0", "id": shared_sample.receive()["id"], "result": {}})
    assert shared_sample.answer(id_)["error"] == {
        "code": -32603,
        "message": "The client's result of workspace/applyEdit is not valid.",
    }


def test_typed_params_and_results(shared_sample: RawClient) -> None:
    params = {"textDocument": {"uri": "file:///a", "mood": 1}, "position": {"line": 3, "character": 0}, "mood": "good"}
    assert shared_sample.request("textDocument/hover", params)["result"] == {"contents": "file:///a 3"}


def test_values_of_a_newer_client_go_back_as_they_came(shared_sample: RawClient) -> None:
    at = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    diagnostic = {"range": at, "message": "m", "severity": 77, "tags": [1, 88], "data": {"_meta": [1]}}
    params = {
        "textDocument": {"uri": "file:///a"},
        "range": at,
        "context": {"diagnostics": [diagnostic], "only": ["wish"], "triggerKind": 9},
    }
    answer = shared_sample.request("textDocument/codeAction", params)
    assert answer["result"] == [{"title": "Fix", "diagnostics": [diagnostic]}]


def test_a_lone_surrogate_is_sent(shared_sample: RawClient) -> None:
    assert shared_sample.request("sample/surrogate")["result"] == "é\ud800"
    assert shared_sample.request("sample/echo", {"a": "\udfff"})["result"]["params"] == {"a": "\udfff"}


def test_documents_go_to_the_handlers_in_order(sample: RawClient) -> None:
    document = {"uri": "file:///a", "languageId": "json", "version": 0, "text": ""}
    sample.notify("textDocument/didOpen", {"textDocument": document})
    for version in range(1, 30):
        change = {"textDocument": {"uri": "file:///a", "version": version}, "contentChanges": [{"text": ""}]}
        sample.notify("textDocument/didChange", change)
    seen = sample.request("sample/state")["result"]["seen"]
    assert seen == ["open file:///a", *(f"change {version}" for version in range(1, 30))]


def test_a_handler_that_fails_shows_no_values(sample: RawClient) -> None:
    answers = [sample.request(f"sample/{way}", {"secret": "sesame"}) for way in ("fail", "failAtOnce", "notJson")]
    sample.notify("textDocument/didSave", {"textDocument": {"uri": "file:///sesame"}})
    sample.notify("textDocument/didOpen", {"textDocument": "sesame"})
    assert [answer["error"]["code"] for answer in answers] == [-32603] * 3
    assert answers[0]["error"]["message"].startswith("Internal error: ValueError")
    assert answers[0]["error"].keys() == {"code", "message"}
    assert sample.end() == 0
    log = sample.stderr()
    assert "'sample/fail' failed: ValueError" in log
    assert "'textDocument/didSave' failed: ValueError" in log
    assert "sesame" not in log + str(answers)
    assert "Traceback" not in log


def test_cancelling(sample: RawClient) -> None:
    for method, params in (("sample/sleep", {}), ("workspace/executeCommand", {"command": "sample.wait"})):
        id_ = sample.start_request(method, params)
        assert sample.receive()["method"] == "sample/asleep"
        sample.notify("$/cancelRequest", {"id": str(id_)})
        assert sample.request("sample/ping")["result"] == "pong"
        sample.notify("$/cancelRequest", {"id": id_})
        assert sample.receive() == {
            "jsonrpc": "2.0",
            "id": id_,
            "error": {"code": -32800, "message": "The request was cancelled."},
        }
        sample.notify("$/cancelRequest", {"id": id_})
        assert sample.request("sample/ping")["result"] == "pong"


def test_cancelling_before_the_handler_has_begun(sample: RawClient) -> None:
    from json import dumps

    from raw_client import framed

    request = {"jsonrpc": "2.0", "id": "a", "method": "sample/sleep"}
    cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "a"}}
    sample.write(b"".join(framed(dumps(message).encode()) for message in (request, cancel)))
    answer = sample.answer("a")
    assert answer["error"]["code"] == -32800


def test_nobody_else_writes_to_the_client(sample: RawClient) -> None:
    assert sample.request("sample/print")["result"].strip() == "0"
    assert sample.end() == 0
    for line in ("printed while importing", "printed by Python", "written by a C library", "printed by a child"):
        assert line in sample.stderr()
