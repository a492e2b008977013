; An anchor holds in its document.
(document) @scope
(anchor (anchor_name) @definition)
(anchor_name) @reference
(alias_name) @reference
