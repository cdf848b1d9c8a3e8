# SPDX-License-Identifier: GPL-3.0-or-later
"""Driving the application from outside, as a screen reader sees it: find, click, type, wait, picture.

Run the test with tests/support/with-display.py (meson's `--wrapper`; `./dev test display` does it).
Events were not seen on Debian 12's GTK, so everything here polls.
"""
import os
import re
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

# A busy machine answers late, and late is not never: of itself libatspi gives a question up after 0.8 s.
Atspi.set_timeout(5000, 15000)

# Roles a person acts on: each must have a name.
INTERACTIVE = {
    Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON,
    Atspi.Role.ENTRY, Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.SPIN_BUTTON, Atspi.Role.SLIDER,
    Atspi.Role.COMBO_BOX, Atspi.Role.MENU_ITEM, Atspi.Role.CHECK_MENU_ITEM, Atspi.Role.LINK,
    Atspi.Role.PAGE_TAB, Atspi.Role.SWITCH if hasattr(Atspi.Role, "SWITCH") else Atspi.Role.TOGGLE_BUTTON,
    Atspi.Role.IMAGE, Atspi.Role.LIST_ITEM, Atspi.Role.TABLE_ROW,
}


class NotFound(AssertionError):
    """What was waited for did not come; the message holds what was there instead."""


def _safe(function, default=None):
    """AT-SPI objects vanish while being read: that is an answer, not an error."""
    try:
        return function()
    except GLib.Error:
        return default


class Node:
    """One accessible object."""

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def name(self):
        return _safe(self.accessible.get_name, "") or ""

    @property
    def description(self):
        return _safe(self.accessible.get_description, "") or ""

    @property
    def role(self):
        """Role as words: “push button”, “list item”. Debian 13 says “button”: the older word is used for both."""
        words = _safe(self.accessible.get_role_name, "") or ""
        return "push button" if words == "button" else words

    @property
    def role_code(self):
        return _safe(self.accessible.get_role)

    def has_state(self, state):
        states = _safe(self.accessible.get_state_set)
        return bool(states and states.contains(state))

    @property
    def showing(self):
        # One question for both: each costs a way to the application and back.
        states = _safe(self.accessible.get_state_set)
        return bool(states and (states.contains(Atspi.StateType.VISIBLE)
                                or states.contains(Atspi.StateType.SHOWING)))

    @property
    def sensitive(self):
        return self.has_state(Atspi.StateType.SENSITIVE)

    @property
    def children(self):
        count = _safe(self.accessible.get_child_count, 0) or 0
        found = (_safe(lambda i=i: self.accessible.get_child_at_index(i)) for i in range(count))
        return [Node(child) for child in found if child is not None]

    @property
    def parent(self):
        found = _safe(self.accessible.get_parent)
        return Node(found) if found else None

    def walk(self, hidden=False):
        """This node and all below, top first; those not visible only when `hidden`."""
        yield self
        for child in self.children:
            if hidden or child.showing:
                yield from child.walk(hidden)

    @property
    def text(self):
        """Text of an entry or a label."""
        count = _safe(lambda: Atspi.Text.get_character_count(self.accessible), 0) or 0
        return _safe(lambda: Atspi.Text.get_text(self.accessible, 0, count), "") or ""

    @property
    def spoken(self):
        """What a screen reader calls it: its name; without one its text, or that of what labels it. GTK 4.18 names neither
        status texts nor the items of a menu."""
        if self.name or self.role not in ("label", "static", "text", "entry", "status bar", "menu item", "check menu item"):
            return self.name
        return self.text or next((Node(relation.get_target(0)).text for relation in
                                  _safe(self.accessible.get_relation_set, []) or []
                                  if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY), "")

    @property
    def value(self):
        """Value of a spin button, slider or progress bar; None without one."""
        return _safe(lambda: Atspi.Value.get_current_value(self.accessible))

    def matches(self, role=None, name=None):
        """Whether role (words) and name (text, or a compiled pattern) are those asked for."""
        if role is not None and self.role not in ((role,) if isinstance(role, str) else role):
            return False
        if name is None:
            return True
        words = self.spoken
        return bool(name.search(words)) if isinstance(name, re.Pattern) else words == name

    def find_all(self, role=None, name=None, hidden=False):
        """All below that match."""
        return list(self._matching(role, name, hidden, []))

    def _matching(self, role, name, hidden, above):
        """Of what matches, that which shows. Only its own way up is asked whether it shows, not every node."""
        if self.matches(role, name) and (hidden or all(node.showing for node in above)):
            yield self
        for child in self.children:
            yield from child._matching(role, name, hidden, [*above, child])

    def find(self, role=None, name=None, wait=5.0, hidden=False):
        """The first below that matches, waited for; raises NotFound with the tree."""
        found = wait_for(lambda: next(self._matching(role, name, hidden, []), None), wait, None)
        if found is None:
            keyboard = focused(self)
            raise NotFound(f"no {role or 'node'} named {name!r} below {self.role} “{self.name}”; the keyboard is in "
                           f"{_path(keyboard) if keyboard else 'nothing'}:\n{self.dump()}")
        return found

    def has(self, role=None, name=None):
        """Whether one matches now."""
        return next(self._matching(role, name, False, []), None) is not None

    @property
    def has_keyboard(self):
        """Whether what is typed now goes to this or to something in it."""
        return any(node.has_state(Atspi.StateType.FOCUSED) for node in self.walk())

    def wait_for_keyboard(self, wait=8.0):
        """Until what is typed goes here, as a person sees by the cursor; this node."""
        wait_for(lambda: self.has_keyboard, wait, f"the keyboard in {self.role} “{self.name}”")
        return self

    def click(self):
        """Press by its action where it has one, else with the pointer. GTK 4.18's tabs have one that does nothing."""
        if self.role == "page tab":
            self.point_and_click()
            return
        count = _safe(lambda: Atspi.Action.get_n_actions(self.accessible), 0) or 0
        if count and _safe(lambda: Atspi.Action.do_action(self.accessible, 0)):
            return
        self.point_and_click()

    def box(self):
        """x, y, width, height on the screen. AT-SPI tells them relative to the window."""
        extents = _safe(lambda: Atspi.Component.get_extents(self.accessible, Atspi.CoordType.WINDOW))
        if extents is None:
            raise NotFound(f"{self.role} “{self.name}” has no place on the screen")
        top = self
        while top.parent and top.role not in ("frame", "dialog", "window"):
            top = top.parent
        x, y = _window_place(top.name)
        return x + extents.x, y + extents.y, extents.width, extents.height

    def point_and_click(self, button=1):
        """Click in the middle with the X pointer."""
        x, y, width, height = self.box()
        xdotool("mousemove", str(x + width // 2), str(y + height // 2), "click", str(button))

    def focus(self):
        """Give it the keyboard: by asking, else with the pointer."""
        _safe(lambda: Atspi.Component.grab_focus(self.accessible))
        if not wait_for(lambda: self.has_state(Atspi.StateType.FOCUSED), 0.3, None):
            self.point_and_click()

    def set_text(self, text):
        """Replace an entry's whole text."""
        if not _safe(lambda: Atspi.EditableText.set_text_contents(self.accessible, text)):
            self.focus()
            key("ctrl+a")
            type_text(text)

    def set_value(self, value):
        """Set a spin button's number."""
        _safe(lambda: Atspi.Value.set_current_value(self.accessible, value))

    def dump(self, depth=0, limit=1200):
        """The tree as text, for a failed test's message."""
        lines = []
        self._dump(lines, depth, limit)
        return "\n".join(lines)

    def _dump(self, lines, depth, limit):
        if len(lines) >= limit:
            return
        lines.append("  " * depth + f"{self.role} “{self.name}”" + (f" = {self.text!r}" if self.text else ""))
        for child in self.children:
            if child.showing:
                child._dump(lines, depth + 1, limit)


def wait_for(condition, wait=5.0, what="the condition"):
    """Poll until `condition ()` is true and return its value; after `wait` s NotFound, or None when
    `what` is None."""
    deadline = time.monotonic() + wait * float(os.environ.get("FYRLYKT_TEST_SLOW", "1"))
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            if what is None:
                return None
            raise NotFound(f"{what} did not come within {wait} s")
        time.sleep(0.05)


def applications():
    """What is on the accessibility bus, by name."""
    return [node for node in Node(Atspi.get_desktop(0)).children]


def process_id(node):
    """Process of an application's node; 0 when it is gone."""
    return _safe(node.accessible.get_process_id, 0) or 0


def application(name="fyrlykt", wait=15.0):
    """The application on the accessibility bus, waited for."""
    return wait_for(
        lambda: next((node for node in applications() if node.name.endswith(name) and node.children), None),
        wait, f"the application {name}")


def xdotool(*arguments):
    """Run xdotool; its output."""
    return subprocess.run(["xdotool", *arguments], capture_output=True, text=True, check=False).stdout


def _window_place(title):
    """x, y of what a window shows, without the shadow around it: the X window with a title, or the active
    one when none has it."""
    found = xdotool("search", "--onlyvisible", "--name", f"^{re.escape(title)}$").split() if title else []
    window = found[-1] if found else xdotool("getactivewindow").strip()
    told = subprocess.run(["xwininfo", "-id", window], capture_output=True, text=True, check=False).stdout
    x = re.search(r"Absolute upper-left X:\s+(-?\d+)", told)
    y = re.search(r"Absolute upper-left Y:\s+(-?\d+)", told)
    if not x or not y:
        raise NotFound(f"no X window “{title}”")
    shadow = subprocess.run(["xprop", "-id", window, "_GTK_FRAME_EXTENTS"], capture_output=True, text=True,
                            check=False).stdout
    margins = re.search(r"= (\d+), \d+, (\d+)", shadow)
    left, top = (int(margins.group(1)), int(margins.group(2))) if margins else (0, 0)
    return int(x.group(1)) + left, int(y.group(1)) + top


def _wait_for_window_with_keyboard():
    """Until a window of an application has the keyboard: between two windows nobody has it for a moment, and keys
    would be lost."""
    wait_for(lambda: xdotool("getwindowfocus", "getwindowpid").strip(), 8, "a window that has the keyboard")


def key(*names):
    """Press keys: key("ctrl+f"), key("Tab", "Tab", "Return")."""
    _wait_for_window_with_keyboard()
    xdotool("key", "--clearmodifiers", *names)


def type_text(text):
    """Type text at the keyboard."""
    _wait_for_window_with_keyboard()
    xdotool("type", "--clearmodifiers", "--delay", "8", text)


def screenshot(path):
    """Picture of the whole screen as PNG."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    subprocess.run(["import", "-window", "root", path], check=True, capture_output=True)


def focused(root):
    """The node that has the keyboard, or None."""
    return next((node for node in root.walk() if node.has_state(Atspi.StateType.FOCUSED)), None)


# What GTK 4.8 calls a widget that has no name: its class.
_CLASS_NAME = re.compile(r"(Gtk|Adw|Gdk|Fyr)[A-Z]\w+")


def has_name(node):
    """Whether a screen reader has words for it."""
    name = node.name.strip()
    return bool(name) and not _CLASS_NAME.fullmatch(name)


def nameless(root):
    """Interactive or focusable nodes below `root` that a screen reader could not name, as text lines."""
    faults = [node for node in root.walk() if _is_nameless(node)]
    if faults:
        # A row that left while it was read has no words either: what is at fault is so a moment later, and still there.
        time.sleep(0.5)
    return [f"{node.role} without a name in {_path(node)}" for node in faults if _is_nameless(node)]


def _is_nameless(node):
    focusable = node.has_state(Atspi.StateType.FOCUSABLE)
    code = node.role_code
    if code == Atspi.Role.IMAGE and not focusable:
        return False
    return ((code in INTERACTIVE or focusable) and code not in (Atspi.Role.FRAME, Atspi.Role.WINDOW)
            and not has_name(node) and not _labelled(node) and not _only_holds(node) and not _told_by_others(node)
            # The last question: what is gone by now says nothing of itself.
            and node.role != "")


def _labelled(node):
    """Whether another node with words of its own labels it (GTK says so of a button's bare icon too)."""
    for relation in _safe(node.accessible.get_relation_set) or []:
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            targets = [Node(relation.get_target(i)) for i in range(relation.get_n_targets())]
            if any(has_name(target) or target.text.strip() for target in targets):
                return True
    return False


# Containers that GTK makes focusable only to scroll or to hand the keyboard on.
_CONTAINERS = {"panel", "filler", "scroll pane", "viewport", "list", "list box", "table", "tree table",
               "grouping", "section", "generic", "page tab list", "unknown", "tool bar", "group", "popup menu",
               "menu", "menu bar", "split pane", "row header", "layered pane"}


def _told_by_others(node):
    """Rows of a table are read by their cells (GTK 4.8 cannot name them); the button inside a drop-down, and
    the icons inside a password's field, by what they are part of."""
    if node.role == "table row":
        return any(child.role in ("label", "static") for child in node.walk())
    parent = node.parent
    return parent is not None and parent.role in ("combo box", "password text", "spin button") and has_name(parent)


def _only_holds(node):
    return node.role in _CONTAINERS


def _path(node):
    names = []
    while node and node.role not in ("application", "desktop frame"):
        names.append(f"{node.role} “{node.name}”" if node.name else node.role)
        node = node.parent
    return " < ".join(names[:7])


def cut_texts(root, allowed=()):
    """Texts a person cannot read whole: labels that reach out of their window, or whose words need more
    room than they have (ended by “…”). `allowed` holds patterns of texts that may be shortened. Text lines.
    """
    faults = []
    for window in root.children:
        frame = _extents(window)
        if not frame or not frame.width:
            continue
        for node in window.walk():
            if node.role not in ("label", "heading", "static"):
                continue
            words, box = node.text or node.name, _extents(node)
            if not words or not box or box.width <= 0 or any(re.search(one, words) for one in allowed):
                continue
            outside = (box.x + box.width > frame.x + frame.width + 1 or box.x < frame.x - 1
                       or box.y + box.height > frame.y + frame.height + 1)
            if outside and not _in_scroller(node):
                faults.append(f"{node.role} “{words}” reaches out of “{window.name}”")
            elif _needs_more(words, box):
                faults.append(f"{node.role} “{words}” is cut in {box.width}×{box.height} in {_path(node)}")
    return faults


def _extents(node):
    return _safe(lambda: Atspi.Component.get_extents(node.accessible, Atspi.CoordType.WINDOW))


_context = None


def _needs_more(words, box):
    """Whether words in the smallest print the application uses would not fit the box. Careful: says no
    where it cannot know."""
    global _context
    if _context is None:
        gi.require_version("PangoCairo", "1.0")
        from gi.repository import PangoCairo
        _context = PangoCairo.FontMap.get_default().create_context()
    from gi.repository import Pango
    layout = Pango.Layout.new(_context)
    # Captions are 82 % of the interface's size; DejaVu is what the test's display has.
    scale = float(os.environ.get("FYRLYKT_TEST_TEXT_SCALE", "1"))
    font = Pango.FontDescription.from_string("Sans")
    font.set_absolute_size(0.80 * 10 * 96 / 72 * scale * Pango.SCALE)
    layout.set_font_description(font)
    layout.set_text(words, -1)
    width, height = layout.get_pixel_size()
    lines = max(1, round(box.height / max(1, height / max(1, words.count("\n") + 1)) - 0.35))
    return width > box.width * lines + 2


def _in_scroller(node):
    while node:
        if node.role in ("scroll pane", "viewport", "table", "list", "tree table"):
            return True
        node = node.parent
    return False
