//! What people from VS Code call Kiln's commands, so that they find them under those names too.

/// The other names of commands: those of VS Code's palette where they differ from Kiln's titles, and
/// words that people look for. No other names for what is found under its title anyway.
pub const OTHER_NAMES: &[(&str, &[&str])] = &[
    (
        "agent.focus",
        &["Open Chat", "Focus on Chat View", "Toggle Chat"],
    ),
    ("agent.history", &["Show Chats", "Chat History"]),
    ("agent.newSession", &["New Chat", "New Chat Session"]),
    ("agent.removeKey", &["Sign Out", "Delete API Key"]),
    ("agent.retry", &["Retry Chat Request"]),
    (
        "agent.selectModel",
        &["Manage Language Models", "Change Model"],
    ),
    ("agent.stop", &["Cancel Chat Request"]),
    ("editor.addCaretAbove", &["Add Cursor Above"]),
    ("editor.addCaretBelow", &["Add Cursor Below"]),
    ("editor.changeLanguage", &["Change Language Mode"]),
    ("editor.caretRedo", &["Cursor Redo", "Soft Redo"]),
    ("editor.caretUndo", &["Cursor Undo", "Soft Undo"]),
    (
        "editor.createFoldingRangeFromSelection",
        &["Create Manual Folding Range from Selection"],
    ),
    (
        "editor.deleteSubwordLeft",
        &["Delete Word Part Left", "Delete to Previous Subword Start"],
    ),
    (
        "editor.deleteSubwordRight",
        &["Delete Word Part Right", "Delete to Next Subword End"],
    ),
    (
        "editor.moveSubwordLeft",
        &["Cursor Word Part Left", "Move to Previous Subword Start"],
    ),
    (
        "editor.moveSubwordRight",
        &["Cursor Word Part Right", "Move to Next Subword End"],
    ),
    (
        "editor.selectSubwordLeft",
        &[
            "Cursor Word Part Left Select",
            "Select to Previous Subword Start",
        ],
    ),
    (
        "editor.selectSubwordRight",
        &[
            "Cursor Word Part Right Select",
            "Select to Next Subword End",
        ],
    ),
    ("editor.deleteToLineEnd", &["Delete All Right"]),
    ("editor.deleteToLineStart", &["Delete All Left"]),
    ("editor.duplicateLines", &["Duplicate Line"]),
    ("editor.duplicateLinesUp", &["Duplicate Line Up"]),
    ("editor.action.gotoLine", &["Go to Line/Column"]),
    ("editor.newlineAbove", &["Insert Line Above"]),
    ("editor.newlineBelow", &["Insert Line Below"]),
    ("editor.nextChange", &["Move to Next Change"]),
    ("editor.previousChange", &["Move to Previous Change"]),
    (
        "editor.revertChange",
        &["Revert Selected Ranges", "Discard Changes"],
    ),
    ("editor.selectAllMatches", &["Select All Find Matches"]),
    (
        "editor.selectAllOccurrences",
        &[
            "Select All Occurrences of Find Match",
            "Change All Occurrences",
        ],
    ),
    ("editor.selectLine", &["Expand Line Selection"]),
    (
        "editor.selectNext",
        &[
            "Add Selection To Next Find Match",
            "Select Next Occurrence",
            "Add Next Occurrence",
        ],
    ),
    (
        "editor.selectPrevious",
        &["Add Selection To Previous Find Match"],
    ),
    (
        "editor.skipToNext",
        &["Move Last Selection To Next Find Match"],
    ),
    (
        "editor.skipToPrevious",
        &["Move Last Selection To Previous Find Match"],
    ),
    ("editor.splitSelection", &["Add Cursors to Line Ends"]),
    (
        "editor.stageChange",
        &["Stage Selected Ranges", "Stage Change"],
    ),
    (
        "editor.unstageChange",
        &["Unstage Selected Ranges", "Unstage Change"],
    ),
    (
        "editor.toggleFindCaseSensitive",
        &["Toggle Find Case Sensitive"],
    ),
    (
        "editor.action.transpose",
        &["Transpose Characters around the Cursor"],
    ),
    (
        "inlineChat.start",
        &["Editor Inline Chat", "Inline Assist", "Open Inline Chat"],
    ),
    (
        "onboarding.model",
        &["Sign In", "API Key", "Manage Language Models"],
    ),
    ("specs.openSource", &["Open Preview", "Open Source"]),
    (
        "workbench.action.closeGroup",
        &["Close All Editors", "Close All Editors in Group"],
    ),
    (
        "workbench.closeOtherTabs",
        &["Close Other Editors in Group"],
    ),
    ("workbench.closeTab", &["Close Editor"]),
    (
        "workbench.focusEditor",
        &["Focus Active Editor Group", "Focus into Editor"],
    ),
    (
        "workbench.action.focusNextGroup",
        &["Focus Next Editor Group"],
    ),
    (
        "workbench.action.focusPreviousGroup",
        &["Focus Previous Editor Group"],
    ),
    (
        "workbench.action.focusLeftGroup",
        &["Focus Left Editor Group"],
    ),
    (
        "workbench.action.focusRightGroup",
        &["Focus Right Editor Group"],
    ),
    (
        "workbench.action.focusAboveGroup",
        &["Focus Editor Group Above"],
    ),
    (
        "workbench.action.focusBelowGroup",
        &["Focus Editor Group Below"],
    ),
    (
        "workbench.action.joinAllGroups",
        &["Join All Editor Groups", "Unsplit"],
    ),
    (
        "workbench.localHistory",
        &["Timeline", "Find Entry to Restore"],
    ),
    (
        "workbench.nextTab",
        &["Open Next Editor", "Open Next Editor in Group"],
    ),
    (
        "workbench.onboarding",
        &[
            "Welcome",
            "Get Started",
            "First Steps",
            "Open Walkthrough",
            "Getting Started",
            "Import Settings from VS Code",
        ],
    ),
    ("workbench.openKeymap", &["Open Keyboard Shortcuts"]),
    (
        "workbench.action.openSettings",
        &["Open User Settings (JSON)", "Open Settings (JSON)"],
    ),
    (
        "workbench.previousTab",
        &["Open Previous Editor", "Open Previous Editor in Group"],
    ),
    ("workbench.action.quickOpen", &["Quick Open"]),
    ("workbench.action.quit", &["Exit"]),
    (
        "workbench.revealInFiles",
        &["Reveal Active File in Explorer View"],
    ),
    (
        "workbench.runNoticeAction",
        &["Accept Notification Primary Action"],
    ),
    (
        "workbench.action.splitEditorDown",
        &["Split Editor Down", "Split Editor Below"],
    ),
    (
        "workbench.action.increaseViewSize",
        &["Increase Current View Size"],
    ),
    (
        "workbench.action.decreaseViewSize",
        &["Decrease Current View Size"],
    ),
    (
        "workbench.action.increaseViewWidth",
        &["Increase Editor Width"],
    ),
    (
        "workbench.action.decreaseViewWidth",
        &["Decrease Editor Width"],
    ),
    (
        "workbench.action.increaseViewHeight",
        &["Increase Editor Height"],
    ),
    (
        "workbench.action.decreaseViewHeight",
        &["Decrease Editor Height"],
    ),
    (
        "workbench.action.selectTheme",
        &["Color Theme", "Browse Color Themes"],
    ),
    ("workbench.action.keepEditor", &["Keep Editor"]),
    (
        "workbench.showFiles",
        &["Show Explorer", "Focus on Files Explorer"],
    ),
    (
        "workbench.showTabs",
        &[
            "Show All Editors By Appearance",
            "Show Editors in Active Group",
        ],
    ),
    (
        "workbench.splitRight",
        &["Split Editor", "Split Editor Right"],
    ),
    ("workbench.toggleBottomDock", &["Toggle Panel Visibility"]),
    (
        "workbench.toggleLeftDock",
        &["Toggle Primary Side Bar Visibility", "Toggle Sidebar"],
    ),
    (
        "workbench.toggleRightDock",
        &["Toggle Secondary Side Bar Visibility"],
    ),
    ("workspace.newFile", &["New Untitled Text File"]),
];

/// The other names of one command.
pub(crate) fn other_names(command: &str) -> &'static [&'static str] {
    OTHER_NAMES
        .iter()
        .find(|(id, _)| *id == command)
        .map_or(&[], |(_, names)| names)
}
