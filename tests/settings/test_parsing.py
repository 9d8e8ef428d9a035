"""The settings contract: what a good file means, and what each bad line is told."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import (
    EMBEDDED_MODEL,
    FILE_BYTES_MAX,
    EndpointSettings,
    KeyReference,
    ServerSettings,
    Settings,
    parse_settings,
)
from understudy.protocols.settings_data import CONTEXT_TOKENS_MAX, ENDPOINTS_MAX
from understudy.protocols.settings_problems import PROBLEMS_MAX

from .texts import PEER, peer, problems_of, the_endpoint_of, the_problem_of

CONTRACT = """\
default = "work/claude-x"     # else the first endpoint's first model
[server]
host = "127.0.0.1"
port = 7337
[[endpoint]]
name = "work"                 # model ids are <endpoint>/<model>
dialect = "anthropic"         # more later
base_url = "http://127.0.0.1:9000"
models = ["claude-x"]
key = "env:WORK_KEY"          # env:NAME | keychain:NAME | none
context_tokens = 200000
[[endpoint]]
name = "local"
engine = "llama-server"       # instead of dialect and base_url
file = "model.gguf"
"""


def test_the_contract_s_example_reads_as_it_says() -> None:
    assert parse_settings(CONTRACT, "/etc/understudy/settings.toml") == Settings(
        default="work/claude-x",
        server=ServerSettings(host="127.0.0.1", port=7337),
        endpoints=(
            EndpointSettings(
                name="work",
                dialects=("anthropic",),
                base_url="http://127.0.0.1:9000",
                models=("claude-x",),
                key=KeyReference("env", "WORK_KEY"),
                context_tokens=200_000,
            ),
            EndpointSettings(
                name="local",
                engine="llama-server",
                file="/etc/understudy/model.gguf",
                models=("model",),
            ),
        ),
    )


def test_an_empty_file_means_the_defaults() -> None:
    for text in ("", "\n# nothing\n", "\ufeff", "[server]\n", "endpoint = []"):
        assert parse_settings(text, "settings.toml") == Settings()
    assert Settings().default_model == EMBEDDED_MODEL
    assert Settings().server == ServerSettings("127.0.0.1", 7337, allow_remote=False)


def test_the_default_model_falls_back_to_the_first_endpoint_s_first() -> None:
    settings = parse_settings(peer('models = ["b", "a"]'), "settings.toml")
    assert settings.default is None
    assert settings.default_model == "work/b"


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("work/claude-x", "work/claude-x"),
        ("anthropic/work/claude-x", "work/claude-x"),
        ("rehearsal", "rehearsal"),
    ],
)
def test_a_default_names_a_model(written: str, means: str) -> None:
    settings = parse_settings(f'default = "{written}"\n{PEER}', "settings.toml")
    assert settings.default == settings.default_model == means


def test_a_problem_has_file_line_key_and_what_is_allowed() -> None:
    text = CONTRACT.replace('"llama-server"', '"lama-server"').replace("7337", "73370")
    assert problems_of(text.replace('dialect = "anthropic"', 'dialect = "antropic"')) == [
        "settings.toml:4: server.port: 73370 is out of range; allowed: 0 to 65535",
        'settings.toml:7: endpoint[0].dialect: "antropic" is not known; '
        'did you mean "anthropic"? allowed: anthropic, openai-chat, openai-responses, '
        "gemini, ollama",
        'settings.toml:14: endpoint[1].engine: "lama-server" is not known; '
        'did you mean "llama-server"? allowed: llama.cpp, llama-server, mlx',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("port = 1", "settings.toml:1: port: does not belong here; move it below [server]"),
        ("endpoints = 1", 'endpoints: unknown key; did you mean "endpoint"? allowed: default, '),
        ("server = 1", "server: must be a table, written [server], not 1"),
        ("[endpoint]", "endpoint: must be an array of tables, each begun by [[endpoint]]"),
        ("endpoint = [1]", "endpoint[0]: must be a table, not 1"),
        ('default = "x/y"', 'default: no endpoint of this file has "x/y"; allowed: <endpoint>'),
        (f'default = "work/claude"\n{PEER}', 'did you mean "work/claude-x"?'),
        ("default = 1979-05-27", 'must be a string in quotes, like default = "...", not a date'),
        ('[server]\nhost = "0.0.0.0"', "2: server.host: "),
        ('[server]\nhost = "0.0.0.0"', "set allow_remote = true"),
        ('[server]\nhost = "a b"', '"a b" is neither an IP address nor a host name'),
        ('[server]\nhost = ""', "server.host: is empty"),
        ("[server]\nport = -1", "-1 is out of range; allowed: 0 to 65535"),
        ("[server]\nport = true", "must be a whole number, not true"),
        ("[server]\nport = 80.5", "must be a whole number, not 80.5"),
        (f"[server]\nport = 0x{'f' * 9000}", "a very long integer is out of range"),
        ('[server]\nallow_remote = "yes"', 'must be true or false, not "yes"'),
    ],
)
def test_a_wrong_line_is_told_what_is_allowed(text: str, problem: str) -> None:
    assert problem in the_problem_of(text)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('name = "Work"', "\"Work\" is no usable name; allowed: 1 to 64 of a-z, 0-9, '.', '_'"),
        ('name = "a/b"', "is no usable name"),
        (f'name = "{"a" * 65}"', "is no usable name"),
        ('name = "rehearsal"', '"rehearsal" is reserved; choose another one'),
        ('name = "anthropic"', '"anthropic" is reserved'),
        ("name = 5", 'must be a string in quotes, like name = "...", not 5'),
        ("models = []", "models: is missing or empty; add at least one"),
        ('models = "x"', "must be an array of strings"),
        ('models = ["x", 1]', "endpoint[0].models[1]: must be a string in quotes"),
        ('models = ["x", ""]', "endpoint[0].models[1]: is empty"),
        ('models = ["x", "x"]', '"x" stands here twice'),
        ('models = ["x y"]', "holds white space"),
        (f'models = ["{"x-" * 129}"]', "has 258 characters; allowed: at most 256"),
        ("models = [" + '"a",' * 1025 + "]", "has 1025 items; allowed: at most 1024"),
        ('base_url = "example.com"', "has no http:// or https:// in front"),
        ('base_url = "ftp://example.com"', "has no http:// or https:// in front"),
        ('base_url = "https://"', "names no host"),
        ('base_url = "https://a b"', "is not a URL"),
        ('base_url = "https://a:99999"', "is not a URL"),
        ('base_url = "https://[::1"', "is not a URL"),
        ('base_url = "https://1.2.3"', "names no host"),
        ('base_url = "https://example.com?x=1"', "ends in ?... or #... (not shown)"),
        ("context_tokens = 511", "511 is out of range; allowed: 512 to 16777216"),
        (f"context_tokens = {CONTEXT_TOKENS_MAX + 1}", "is out of range"),
        ('file = "x.gguf"', "file: has no meaning with a dialect"),
        ('engine = "llama-server"', "either a dialect or an engine, not both"),
        ('key = "a\\u0007b"', "holds characters that cannot be printed"),
        ('default = "work/claude-x"', "move it to the top of the file, above the first [table]"),
        ('api_key = "none"', 'unknown key; did you mean "key"? allowed: name, dialect, '),
    ],
)
def test_a_wrong_endpoint_is_told_what_is_allowed(line: str, problem: str) -> None:
    assert any(problem in each for each in problems_of(peer(line)))


def test_every_missing_key_is_named_once() -> None:
    assert problems_of("\n[[endpoint]]\n") == [
        "settings.toml:2: endpoint[0].dialect: is missing; "
        'allowed: dialect = "anthropic" with a base_url, or engine = "llama.cpp" with a file',
        'settings.toml:2: endpoint[0].name: is missing; add one, like name = "work"',
        "settings.toml:2: endpoint[0].models: is missing or empty; add at least one, "
        'like models = ["..."]',
    ]
    assert problems_of('[[endpoint]]\nname = "a"\nengine = "llama-server"') == [
        "settings.toml:1: endpoint[0].file: is missing; add the model's file, "
        'like file = "model.gguf"'
    ]
    assert "base_url: is missing" in the_problem_of(
        '[[endpoint]]\nname = "a"\ndialect = "anthropic"\nmodels = ["m"]'
    )


def test_two_endpoints_cannot_share_a_name() -> None:
    assert the_problem_of(PEER + PEER) == (
        'settings.toml:7: endpoint[1].name: "work" is already endpoint[0]\'s name'
    )


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("https://example.com/", "https://example.com"),
        ("https://example.com/v1", "https://example.com"),
        ("https://example.com/v1/", "https://example.com"),
        ("HTTPS://Example.COM:8443//v1//", "https://example.com:8443"),
        ("https://example.com/api/v1", "https://example.com/api"),
        ("https://example.com/v1/x", "https://example.com/v1/x"),
        ("https://example.com/nov1", "https://example.com/nov1"),
        ("http://[::1]:9000/v1", "http://[::1]:9000"),
        ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
    ],
)
def test_a_base_url_is_normalised(written: str, means: str) -> None:
    assert the_endpoint_of(peer(f'base_url = "{written}"')).base_url == means


@pytest.mark.parametrize(
    ("file", "path", "means", "model"),
    [
        ("model.gguf", "/etc/u/settings.toml", "/etc/u/model.gguf", "model"),
        ("../m/a.b.gguf", "/etc/u/settings.toml", "/etc/u/../m/a.b.gguf", "a.b"),
        ("/models/x", "/etc/u/settings.toml", "/models/x", "x"),
        ("~/m.gguf", "/etc/u/settings.toml", "/home/ann/m.gguf", "m"),
        ("m.gguf", "settings.toml", "m.gguf", "m"),
        ("m.gguf", "/settings.toml", "/m.gguf", "m"),
    ],
)
def test_an_engine_s_file_is_found_from_the_settings_file(
    file: str, path: str, means: str, model: str
) -> None:
    text = f'[[endpoint]]\nname = "local"\nengine = "llama-server"\nfile = "{file}"'
    endpoint = the_endpoint_of(text, path)
    assert (endpoint.file, endpoint.models) == (means, (model,))
    named = the_endpoint_of(f'{text}\nmodels = ["small", "tiny"]', path)
    assert named.models == ("small", "tiny")


def test_eyes_and_a_draft_are_found_as_the_file_is() -> None:
    text = '[[endpoint]]\nname = "local"\nengine = "llama.cpp"\nfile = "m.gguf"\n'
    more = 'projector = "eyes.gguf"\ndraft = "/models/small.gguf"'
    endpoint = the_endpoint_of(text + more, "/etc/u/settings.toml")
    assert (endpoint.projector, endpoint.draft) == ("/etc/u/eyes.gguf", "/models/small.gguf")
    assert "no meaning with a dialect" in the_problem_of(peer('draft = "d.gguf"'))


def test_an_engine_s_file_must_give_a_model_name_and_a_place() -> None:
    engine = '[[endpoint]]\nname = "local"\nengine = "llama-server"\n'
    assert "~ cannot be expanded" in the_problem_of(f'{engine}file = "~/m.gguf"')
    assert "no usable model id; add models" in the_problem_of(f'{engine}file = "my model.gguf"')
    assert problems_of(f'{engine}file = "m"\nkey = "none"\nbase_url = "https://a"') == [
        "settings.toml:5: endpoint[0].key: has no meaning with an engine",
        "settings.toml:6: endpoint[0].base_url: has no meaning with an engine",
    ]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_the_server_may_listen_on_loopback(host: str) -> None:
    text = f'[server]\nhost = "{host}"\nport = 0'
    assert parse_settings(text, "s").server == ServerSettings(host, 0)


def test_the_server_may_be_opened_to_others_by_name() -> None:
    text = '[server]\nhost = "0.0.0.0"\nallow_remote = true'
    assert parse_settings(text, "s").server == ServerSettings("0.0.0.0", 7337, allow_remote=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = [1,\n 2", "settings.toml:2:3: not valid TOML: Unclosed array"),
        ("a = 1\na = 2", "settings.toml:2:6: not valid TOML: Cannot overwrite a value"),
        ('key = "x\n', "settings.toml:1:9: not valid TOML: "),
        ("x", "settings.toml:1:2: not valid TOML: "),
        ("x =", "settings.toml:1:4: not valid TOML: "),
        (".".join("a" * 70) + " = 1", "settings.toml:1: a key has more than 64 parts"),
        ("a = 1\n[" + " . ".join("a" * 70) + "]", "settings.toml:2: a key has more than 64 parts"),
        ("x = " + "[" * 5000, "settings.toml: brackets are nested too deeply"),
        ("x = " + "1" * 5000, "settings.toml: a number has too many digits"),
        ("#" * (FILE_BYTES_MAX + 1), "settings.toml: the file is too large; allowed: at most"),
    ],
)
def test_a_syntax_error_has_its_place(text: str, place: str) -> None:
    assert the_problem_of(text).startswith(place)


def test_limits_hold() -> None:
    many = "\n".join(PEER.replace('"work"', f'"w{n}"') for n in range(ENDPOINTS_MAX))
    assert len(parse_settings(many, "s").endpoints) == ENDPOINTS_MAX
    assert "allowed: at most 256" in the_problem_of(many + PEER)
    wrong = problems_of("\n".join(f"k{n} = 1" for n in range(PROBLEMS_MAX + 7)))
    assert len(wrong) == PROBLEMS_MAX + 1
    assert wrong[-1] == "settings.toml: and 7 more problems"


def test_nothing_unprintable_or_endless_is_shown() -> None:
    problem = the_problem_of('"\\u001b[2J\\u202e" = 1')
    assert problem.isprintable()
    assert "\\x1b[2J\\u202e" in problem
    assert len(the_problem_of(f'default = "{"x-" * 2000}/y"')) < 300
    assert "allowed: at most 4096" in the_problem_of(f'default = "{"x-" * 2049}"')
