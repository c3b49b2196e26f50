"""The parser that looks for strangers in pages finds each kind of them."""

import pytest

from tests.support.own import strangers_in, strangers_in_script, strangers_in_style

ORIGIN = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<script src=/a.js>1</script>",
        "<script src=https://evil.example/a.js></script>",
        "<script src=//evil.example/a.js></script>",
        "<p style='color:red'>",
        "<style>p{}</style>",
        "<p onclick=x>",
        "<p OnFocus=x>",
        "<img src=http://evil.example/a.png>",
        "<img srcset='/a.png 1x, https://evil.example/a.png 2x'>",
        "<img src=data:image/png;base64,AA>",
        "<img src=/\\evil.example/a>",
        "<link rel=stylesheet href=https://evil.example/a.css>",
        "<link rel='canonical stylesheet' href=http://127.0.0.1:8000/a.css>",
        "<link rel=alternate href=http://evil.example/>",
        "<form action=https://evil.example/>",
        "<button formaction=//evil.example>",
        "<a href=javascript:1>",
        "<a href='java\nscript:1'>",
        "<a href=/ ping=https://evil.example/>",
        "<a href=//evil.example>",
        "<iframe srcdoc=x>",
        "<object data=/a>",
        "<base href=/>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<svg><image xlink:href=https://evil.example/></svg>",
        "<a href=/ href=https://evil.example>",
    ],
)
def test_a_stranger_is_found(page: str) -> None:
    assert strangers_in(page, ORIGIN)


@pytest.mark.parametrize(
    "page",
    [
        "<script type=module src=/static/app.js?v=1></script>",
        "<a href=https://example.org/>text</a><a href=mailto:a@example.org>",
        "<a href='#main'><a href='?page=2'><form action=/sign-in method=post>",
        f"<link rel=canonical href={ORIGIN}/en/><link rel=alternate href=/en/feed.atom>",
        "<p>onclick=x style=y https://evil.example/a.png</p>",
    ],
)
def test_what_is_ours_is_let_be(page: str) -> None:
    assert strangers_in(page, ORIGIN) == []


@pytest.mark.parametrize("sheet", ["@import 'a.css';", "p{background:url(/a.png)}", "p{background:IMAGE-SET(url(x))}"])
def test_a_style_that_fetches_is_found(sheet: str) -> None:
    assert list(strangers_in_style(sheet))


@pytest.mark.parametrize(
    "script", ["eval('1')", "fetch('https://evil.example')", "import('x')", "document.cookie", "setTimeout('x')"]
)
def test_a_script_that_reaches_out_is_found(script: str) -> None:
    assert list(strangers_in_script(script))
