"""Values that break out of the place they are put in where a request is glued together from text: name, value."""

from __future__ import annotations

from typing import Final

HOSTILE_VALUES: Final[tuple[tuple[str, str], ...]] = (
    # nothing, and hardly anything
    ("empty", ""),
    ("space", " "),
    ("spaces_around", "  ana  "),
    ("tab", "a\tb"),
    # lines
    ("line_feed", "a\nb"),
    ("line_break", "a\r\nb"),
    ("header_injection", "a\r\nX-Evil: 1"),
    ("second_request", "a\r\n\r\nGET /admin HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
    ("unicode_line_separator", "a\u2028b"),
    ("encoded_line_break", "a%0d%0aX-Evil:%201"),
    # paths
    ("path_parent", "../../admin"),
    ("path_parent_encoded", "%2e%2e%2fadmin"),
    ("path_parent_backslash", "..\\..\\admin"),
    ("path_dot", "."),
    ("path_slash", "a/b"),
    ("path_double_slash", "//evil.example/"),
    ("path_semicolon", "a;admin=true"),
    # URLs
    ("query_added", "a?admin=true"),
    ("pair_added", "a&admin=true"),
    ("fragment", "a#b"),
    ("at_sign", "@evil.example"),
    ("whole_url", "https://evil.example/"),
    ("percent", "100%"),
    ("percent_encoded", "%41%zz"),
    ("plus", "a+b"),
    # quotes
    ("double_quote", 'a"b'),
    ("single_quote", "a'b"),
    ("backslash", "a\\b"),
    ("json_member", 'a","is_admin":true,"b":"'),
    ("json_end", '"}]}'),
    # markup
    ("xml_tag", "</a><admin>true</admin><a>"),
    ("xml_entity", "&lt;&amp;&unknown;"),
    ("xml_cdata_end", "]]><admin/>"),
    ("script", "<script>alert(1)</script>"),
    # other languages
    ("sql", "' OR '1'='1"),
    ("shell", "$(reboot); `reboot` | reboot"),
    ("spreadsheet_formula", "=1+1"),
    # our own
    ("reference_to_secret", "{{auth.api_key}}"),
    ("reference_to_input", "{{inputs.other}}"),
    # characters
    ("control", "a\x01b"),
    ("nul", "a\x00b"),
    ("accents", "São João, ñandú"),
    ("emoji", "👩‍👩‍👧 ok"),
    ("right_to_left", "a\u202eb"),
    ("byte_order_mark", "\ufeffa"),
    ("half_a_character", "a\ud800b"),
    ("multipart_boundary", "\r\n--boundary--\r\n"),
    # sizes
    ("long", "a" * 10_000),
    ("too_long", "a" * 70_000),
)
