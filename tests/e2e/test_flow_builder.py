"""A flow is drawn: from nothing to a chat, step by step back and forth, by two people at once, and without the drawing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.words import Words

t: Final = Words("en")
WELCOME: Final = "Hello! How can we help you?"


def text(words: str) -> dict[str, str]:
    return {"kind": "text", "text": words}


def make_flow(api: Any, *texts: str) -> str:
    """A chain of messages."""
    blocks: list[dict[str, Any]] = [
        {"id": f"m{place}", "type": "message", "content": text(words), "position": {"x": 354 * place, "y": 0},
         "edges": {"next": f"m{place + 1}"} if place + 1 < len(texts) else {}}
        for place, words in enumerate(texts)
    ]  # fmt: skip
    made: str = api.post("/flows", {"name": "Orders", "definition": {"start": "m0", "blocks": blocks}})["id"]
    return made


class Builder:
    """The builder, as somebody uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel: Locator = page.get_by_role("complementary", name=t("panel.title"))
        self.nodes: Locator = page.locator(".react-flow__node")

    def open(self, flow_id: str) -> Builder:
        self.page.goto(f"/flows/{flow_id}")
        expect(self.nodes.first).to_be_visible()
        return self

    def node(self, title: str) -> Locator:
        return self.nodes.filter(has_text=re.compile(re.escape(title)))

    def add_after(self, node: Locator, way: str, kind: str) -> None:
        """Press the "+" of a way and pick a block."""
        node.get_by_role("button", name=t("canvas.addAt", way=t(f"ways.{way}")), exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{t(f'types.{kind}')} ?{t(f'about.{kind}')[:8]}")).click()
        expect(self.panel.get_by_role("heading", name=t(f"types.{kind}"), level=2)).to_be_visible()

    def write(self, field: str, words: str) -> None:
        box = self.panel.get_by_role("textbox", name=t(f"fields.{field}"), exact=True)
        box.click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(words)

    def choose(self, field: str, option: str) -> None:
        self.panel.get_by_role("combobox", name=t(f"fields.{field}"), exact=True).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def tool(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=t(key), exact=True)

    def expect_saved(self) -> None:
        expect(self.page.get_by_text(t("save.saved"), exact=True)).to_be_visible()


@pytest.fixture(autouse=True)
def _flows_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are those of flows where no other are named."""
    find = Words._text
    monkeypatch.setattr(
        Words, "_text", lambda self, key, count: find(self, key if ":" in key else f"flows:{key}", count)
    )


def test_a_flow_of_five_blocks_is_drawn_from_nothing_published_and_chatted_with(  # noqa: PLR0915  # one story
    owner_page: Page, api: Any, example: Any
) -> None:
    page, builder = owner_page, Builder(owner_page)
    page.goto("/flows")
    page.get_by_role("button", name=t("list.new"), exact=True).click()
    page.get_by_role("textbox", name=t("common:name")).fill("Log in")
    page.get_by_role("button", name=t("new.submit")).click()
    greeting = builder.node(WELCOME)
    expect(greeting).to_be_visible()
    flow_id = page.url.rsplit("/", 1)[1]

    builder.add_after(greeting, "next", "question")
    builder.write("question", "What is your user name?")
    builder.write("answer", "user")
    question = builder.node("What is your user name?")
    builder.add_after(question, "answered", "custom_integration")
    builder.choose("integration", "Validations")
    builder.choose("action", "Create user validation")
    builder.choose("credential", "Demo")
    builder.panel.get_by_role("combobox", name=t.like("requests:field.insertInto")).first.click()
    page.get_by_role("option").filter(has_text="answers.user").click()
    call = builder.nodes.filter(has_text="Create user validation")
    expect(call).to_be_visible()

    # Buttons are dragged from the palette to the sheet, and the way is dragged to them.
    sheet = page.locator(".react-flow").bounding_box()
    assert sheet
    page.get_by_role("button", name=t("palette.add", type=t("types.buttons")), exact=True).drag_to(
        page.locator(".react-flow__pane"), target_position={"x": sheet["width"] / 2, "y": sheet["height"] - 220}
    )
    builder.write("text", "A code is on its way. Did it come?")
    for number, words in enumerate(("Yes", "No"), 1):
        box = builder.panel.get_by_role("textbox", name=t("fields.button", number=number), exact=True)
        box.click()
        page.keyboard.type(words)
    buttons = builder.node("A code is on its way.")
    handle, inside = call.locator(".react-flow__handle[data-handleid=success]"), buttons.bounding_box()
    begin = handle.bounding_box()
    assert begin
    assert inside
    page.mouse.move(begin["x"] + 10, begin["y"] + 10)
    page.mouse.down()
    page.mouse.move(inside["x"] + 30, inside["y"] + 30, steps=8)
    page.mouse.up()
    expect(handle).to_have_attribute("data-wired", "true")

    # The last one by the list of ways in the settings.
    buttons.click()
    builder.panel.get_by_role("combobox", name="Yes", exact=True).click()
    page.get_by_role("option", name=t("types.end"), exact=True).click()
    builder.write("goodbye", "Well done, {{answers.user}}!")
    builder.expect_saved()

    draft = api.get(f"/flows/{flow_id}")["draft"]
    blocks = {each["type"]: each for each in draft["blocks"]}
    assert set(blocks) == {"message", "question", "custom_integration", "buttons", "end"}
    assert blocks["message"]["edges"] == {"next": blocks["question"]["id"]}
    assert blocks["question"]["edges"] == {"next": blocks["custom_integration"]["id"]}
    assert blocks["custom_integration"]["inputs"] == {"account_id": "{{answers.user}}"}
    assert blocks["custom_integration"]["edges"] == {"success": blocks["buttons"]["id"]}
    assert blocks["buttons"]["edges"] == {f"button:{blocks['buttons']['buttons'][0]['id']}": blocks["end"]["id"]}

    builder.tool("publish.open").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=t("publish.note")).fill("The first one")
    dialog.get_by_role("button", name=t("publish.submit"), exact=True).click()
    expect(page.get_by_text(t("list.published", version=1))).to_be_visible()
    assert api.get(f"/flows/{flow_id}/versions")["items"][0]["note"] == "The first one"

    builder.tool("tools.tryIt").click()
    log = page.get_by_role("log")
    expect(log.get_by_text("What is your user name?")).to_be_visible()
    line = page.get_by_role("textbox", name=t("simulator:composer.message"), exact=True)
    line.fill("ana.demo")
    line.press("Enter")
    log.get_by_role("button", name="Yes", exact=True).click()
    expect(log.get_by_text("Well done, ana.demo!")).to_be_visible()
    expect(page.locator("[data-type=message][data-faded]")).to_have_count(0)


def test_steps_are_taken_back_and_again(owner_page: Page, api: Any) -> None:
    builder = Builder(owner_page).open(flow_id := make_flow(api, "One", "Two", "Three"))
    page = owner_page
    expect(builder.tool("tools.undo")).to_have_attribute("aria-disabled", "true")  # measuring is no step
    builder.node("Two").click()
    builder.write("text", "Second")
    page.keyboard.press("Escape")
    expect(builder.panel).to_have_count(0)
    builder.node("Second").focus()
    page.keyboard.press("Delete")
    expect(builder.nodes).to_have_count(2)
    builder.expect_saved()
    assert api.get(f"/flows/{flow_id}")["draft"]["blocks"][0]["edges"] == {"next": "m2"}

    page.keyboard.press("Control+z")
    expect(builder.node("Second")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(builder.node("Two")).to_be_visible()
    page.keyboard.press("Control+y")
    expect(builder.node("Second")).to_be_visible()
    builder.expect_saved()
    blocks = api.get(f"/flows/{flow_id}")["draft"]["blocks"]
    assert [(each["id"], each["content"]["text"]) for each in blocks] == [
        ("m0", "One"), ("m1", "Second"), ("m2", "Three"),
    ]  # fmt: skip


def test_blocks_are_copied_within_a_flow_and_into_another(owner_page: Page, api: Any) -> None:
    page, builder = owner_page, Builder(owner_page).open(make_flow(api, "One", "Two"))
    page.locator(".react-flow__pane").click(position={"x": 40, "y": 40})
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(builder.nodes).to_have_count(4)
    expect(page.locator("[data-type][data-selected]")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(builder.nodes).to_have_count(2)

    other = make_flow(api, "Elsewhere")
    builder.open(other)
    page.keyboard.press("Control+v")
    expect(builder.nodes).to_have_count(3)
    builder.expect_saved()
    by_text = {each["content"]["text"]: each for each in api.get(f"/flows/{other}")["draft"]["blocks"]}
    assert by_text["One"]["edges"] == {"next": by_text["Two"]["id"]}


def test_a_way_takes_a_block_in_between_and_the_drawing_is_tidied(owner_page: Page, api: Any) -> None:
    builder = Builder(owner_page).open(flow_id := make_flow(api, "One", "Two"))
    page = owner_page
    page.locator("[data-edge='m0|next']").click(force=True)
    page.get_by_role("menuitem", name=t.like("types.wait")).or_(
        page.get_by_role("menuitem").filter(has_text=t("about.wait"))
    ).first.click()
    expect(builder.nodes).to_have_count(3)
    builder.tool("tools.tidy").click()
    builder.expect_saved()
    blocks = {each["type"]: each for each in api.get(f"/flows/{flow_id}")["draft"]["blocks"] if each["id"] != "m1"}
    assert blocks["message"]["edges"] == {"next": blocks["wait"]["id"]}
    assert blocks["wait"]["edges"] == {"next": "m1"}


def test_a_problem_leads_to_its_field(owner_page: Page, api: Any) -> None:
    builder = Builder(owner_page).open(make_flow(api, "One", "x" * 4097))
    page = owner_page
    problem = page.get_by_role("button", name=t("problems.count", count=1)).or_(
        page.get_by_role("button", name=re.compile("^[0-9]+ problems?$"))
    )
    expect(problem).to_be_visible()
    expect(page.locator("[data-block=m1][data-wrong]")).to_be_visible()
    builder.tool("publish.open").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("4096|4,096")).click()
    expect(builder.panel.get_by_role("textbox", name=t("fields.text"), exact=True)).to_be_focused()


@pytest.mark.parametrize("choice", ["keep", "take"])
def test_two_editors_at_once_overwrite_nothing_silently(
    choice: str, owner_page: Page, api: Any, new_page: Callable[..., Page], new_person: Callable[..., Any], watch: Any
) -> None:
    watch.allow(r"console: .*409")
    flow_id = make_flow(api, "One", "Two")
    ben = Builder(new_page(new_person("editor", "Ben Ito"))).open(flow_id)
    ana = Builder(owner_page).open(flow_id)
    ben.node("Two").click()
    ben.write("text", "Two, says Ben")
    ben.expect_saved()
    ana.node("One").click()
    ana.write("text", "One, says Ana")

    dialog = owner_page.get_by_role("dialog", name=t("conflict.title"))
    expect(dialog).to_be_visible()
    assert api.get(f"/flows/{flow_id}")["draft"]["blocks"][1]["content"]["text"] == "Two, says Ben"
    dialog.get_by_role("button", name=t("conflict.see"), exact=True).click()
    expect(dialog.locator(".react-flow__node").filter(has_text="Two, says Ben")).to_be_visible()
    dialog.get_by_role("button", name=t(f"conflict.{choice}"), exact=True).click()
    expect(dialog).to_have_count(0)
    ana.expect_saved()
    said = [each["content"]["text"] for each in api.get(f"/flows/{flow_id}")["draft"]["blocks"]]
    assert said == (["One, says Ana", "Two"] if choice == "keep" else ["One", "Two, says Ben"])
    if choice == "take":
        ana.tool("tools.undo").click()
        expect(ana.node("One, says Ana")).to_be_visible()


def test_the_list_does_all_of_it_with_the_keyboard_alone(owner_page: Page, api: Any) -> None:
    page, builder = owner_page, Builder(owner_page).open(flow_id := make_flow(api, "One"))
    page.get_by_role("radio", name=t("tools.outline")).focus()
    page.keyboard.press("Space")
    entries = page.get_by_role("list", name=t("outline.title"))
    first = entries.get_by_role("button", name=re.compile("^One"))
    first.focus()
    page.keyboard.press("Tab")
    expect(entries.get_by_role("button", name=t("outline.addAfterNamed", title="One"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(builder.panel.get_by_role("textbox", name=t("fields.question"), exact=True)).to_be_focused()
    page.keyboard.type("Which order?")
    page.keyboard.press("Escape")
    second = entries.get_by_role("button", name=re.compile("^Which order"))
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("which")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    builder.expect_saved()
    blocks = api.get(f"/flows/{flow_id}")["draft"]["blocks"]
    assert [each["type"] for each in blocks] == ["message", "question"]
    assert blocks[0]["edges"] == {"next": blocks[1]["id"]}
    page.keyboard.press("Escape")
    second.focus()
    page.keyboard.press("Delete")
    expect(second).to_have_count(0)


def test_an_older_version_is_taken_up_again(owner_page: Page, api: Any) -> None:
    flow_id = make_flow(api, "One", "Two")
    api.post(f"/flows/{flow_id}/publish", {"note": "As it was"})
    builder = Builder(owner_page).open(flow_id)
    page = owner_page
    builder.node("Two").click()
    builder.write("text", "Changed")
    builder.expect_saved()
    builder.tool("tools.versions").click()
    page.get_by_role("button", name=re.compile("As it was")).click()
    dialog = page.get_by_role("dialog", name=t("versions.number", number=1), exact=True)
    expect(dialog.get_by_role("list", name=t("compare.title"))).to_contain_text(t("compare.changed"))
    dialog.get_by_role("button", name=t("versions.restore"), exact=True).click()
    page.get_by_role("dialog", name=t("versions.restoreTitle", number=1)).get_by_role(
        "button", name=t("versions.restore"), exact=True
    ).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(builder.node("Two")).to_be_visible()
    assert api.get(f"/flows/{flow_id}")["draft"]["blocks"][1]["content"]["text"] == "Two"


def test_a_reader_changes_nothing(api: Any, new_page: Callable[..., Page], new_person: Callable[..., Any]) -> None:
    page = new_page(new_person("viewer", "Vera Lima"))
    builder = Builder(page).open(make_flow(api, "One", "Two"))
    expect(page.get_by_role("navigation", name=t("palette.title"))).to_have_count(0)
    expect(builder.tool("publish.open")).to_have_count(0)
    builder.node("One").click()
    expect(builder.panel.get_by_role("textbox", name=t("fields.text"), exact=True)).to_have_attribute(
        "aria-readonly", "true"
    )
    page.keyboard.press("Escape")
    builder.node("One").focus()
    page.keyboard.press("Delete")
    expect(builder.nodes).to_have_count(2)


@pytest.mark.view(own=True)
def test_the_canvas_comes_with_its_page_alone(owner_page: Page) -> None:
    scripts: list[str] = []
    owner_page.on("response", lambda answer: scripts.append(answer.url) if answer.url.endswith(".js") else None)
    owner_page.goto("/flows")
    expect(owner_page.get_by_role("heading", name=t("empty.title"))).to_be_visible()
    owner_page.wait_for_load_state("networkidle")
    assert scripts
    assert not [url for url in scripts if "FlowBuilder" in url or "FlowDrawing" in url or "layout-" in url]
