//! What a person can do with the window, as gpui actions, and their commands.

use gpui_kit::App;
use ui::{CommandSpec, Commands};

gpui_kit::actions!(
    workbench,
    [
        /// A new file without a name.
        NewFile,
        /// Chooses a file and opens it.
        OpenFile,
        /// Chooses a folder and opens it in this window.
        OpenFolder,
        /// Opens another window, without a folder.
        NewWindow,
        /// Chooses a folder and opens it in another window.
        OpenFolderInNewWindow,
        /// Saves the active file.
        Save,
        /// Saves the active file under another name.
        SaveAs,
        /// Saves every changed file.
        SaveAll,
        /// Lists every command.
        ShowCommandPalette,
        /// Finds a file of the folder by its name.
        QuickOpen,
        /// Finds a symbol of the active file by its name.
        GoToSymbol,
        /// Finds a symbol of the whole project by its name.
        GoToProjectSymbol,
        /// Goes back to the place before this one.
        GoBack,
        /// Goes to the place that Go Back left.
        GoForward,
        /// Lists what stands beside the last part of the breadcrumbs.
        SelectBreadcrumb,
        /// Lists the saves of the active file that are kept.
        ShowLocalHistory,
        /// Brings back what was deleted for a language server.
        BringBackDeleted,
        /// Closes the active tab.
        CloseTab,
        /// Closes every other tab of the group.
        CloseOtherTabs,
        /// Lets the active tab stay when another file is looked at.
        KeepTab,
        /// Goes one tab to the right.
        NextTab,
        /// Goes one tab to the left.
        PreviousTab,
        /// Lists every tab of the active group.
        ShowTabs,
        /// Shows the active file in a second group, to the right.
        SplitRight,
        /// Shows the active file in a second group, below.
        SplitDown,
        /// Closes every tab of the group, and the group.
        CloseGroup,
        /// Goes to the next group.
        FocusNextGroup,
        /// Goes to the group before.
        FocusPreviousGroup,
        /// Goes to the group to the left.
        FocusLeftGroup,
        /// Goes to the group to the right.
        FocusRightGroup,
        /// Goes to the group above.
        FocusAboveGroup,
        /// Goes to the group below.
        FocusBelowGroup,
        /// Takes the active tab to the next group.
        MoveToNextGroup,
        /// Takes the active tab to the group before.
        MoveToPreviousGroup,
        /// Brings the tabs of all groups into the active one.
        JoinAllGroups,
        /// Gives all groups as much room as those beside them.
        EvenGroups,
        /// Gives the active group more room.
        IncreaseGroupSize,
        /// Gives the active group less room.
        DecreaseGroupSize,
        /// Makes the active group wider.
        IncreaseGroupWidth,
        /// Makes the active group narrower.
        DecreaseGroupWidth,
        /// Makes the active group higher.
        IncreaseGroupHeight,
        /// Makes the active group lower.
        DecreaseGroupHeight,
        /// Shows or hides the left dock.
        ToggleLeftDock,
        /// Shows or hides the right dock.
        ToggleRightDock,
        /// Shows or hides the bottom dock.
        ToggleBottomDock,
        /// Shows the files of the folder.
        ShowFiles,
        /// Puts the keyboard into the editor.
        FocusEditor,
        /// Shows the active file in the file tree.
        RevealInFiles,
        /// Opens settings.json.
        OpenSettings,
        /// Opens keymap.json.
        OpenKeymap,
        /// Chooses a theme.
        SelectTheme,
        /// Takes settings, snippets, themes and languages over from VS Code and goes through the first steps.
        ShowOnboarding,
        /// Leaves the first steps.
        SkipSetup,
        /// Reads what the next installation of VS Code that was found has.
        LookAtInstallation,
        /// Takes over what is listed of an installation.
        ImportListed,
        /// Takes the light or the dark theme, as the system has it.
        FollowSystemTheme,
        /// Offers to download a model that runs on this machine.
        DownloadModel,
        /// Uses the next model of those that are there.
        UseNextModel,
        /// Keeps the keys that were typed into the setup.
        SaveKeys,
        /// Chooses the folder of another editor's settings.
        ChooseInstallation,
        /// Looks for model servers on this machine again.
        FindServers,
        /// Stops the download of a model.
        CancelDownload,
        /// Goes to the step before.
        PreviousStep,
        /// Goes to the next step, or ends the steps at the last.
        NextStep,
        /// Shows where the agent's model is chosen.
        SetUpModel,
        /// Removes a key that is saved.
        RemoveKey,
        /// Lists what can be done with the window.
        ShowMenu,
        /// Makes everything in the window larger.
        ZoomIn,
        /// Makes everything in the window smaller.
        ZoomOut,
        /// Gives everything in the window its usual size.
        ZoomReset,
        /// Shows or hides the small picture of the file beside its text.
        ToggleMinimap,
        /// Pins the first lines of scopes at the top of editors, or not.
        ToggleStickyScroll,
        /// Shows all white space in editors, or what is shown of it usually.
        ToggleRenderWhitespace,
        /// Shows or hides the numbers of lines.
        ToggleLineNumbers,
        /// Turns Vim mode on or off.
        ToggleVim,
        /// Makes the text of editors larger.
        FontZoomIn,
        /// Makes the text of editors smaller.
        FontZoomOut,
        /// Gives the text of editors the size that the settings say.
        FontZoomReset,
        /// Closes every notice in the window's corner.
        DismissNotices,
        /// Does what the button of the newest notice leads to.
        RunNoticeAction,
        /// Says which version of Kiln this is.
        About,
        /// Closes the window, and ends the program with it.
        Quit,
    ]
);

/// Registers the window's commands.
pub fn register(cx: &mut App) {
    Commands::register(
        cx,
        [
            CommandSpec::new("workspace.newFile", "File", "New File", NewFile),
            CommandSpec::new("workspace.openFile", "File", "Open File…", OpenFile),
            CommandSpec::new("workspace.openFolder", "File", "Open Folder…", OpenFolder),
            CommandSpec::new("workbench.newWindow", "Window", "New Window", NewWindow),
            CommandSpec::new(
                "workbench.openFolderInNewWindow",
                "Window",
                "Open Folder in New Window…",
                OpenFolderInNewWindow,
            ),
            CommandSpec::new("workspace.save", "File", "Save", Save),
            CommandSpec::new("workspace.saveAs", "File", "Save As…", SaveAs),
            CommandSpec::new("workspace.saveAll", "File", "Save All", SaveAll),
            CommandSpec::new(
                "workbench.commandPalette",
                "View",
                "Command Palette",
                ShowCommandPalette,
            ),
            CommandSpec::new("workbench.action.quickOpen", "Go", "Go to File", QuickOpen),
            CommandSpec::new(
                "workbench.action.gotoSymbol",
                "Go",
                "Go to Symbol in File…",
                GoToSymbol,
            ),
            CommandSpec::new(
                "workbench.action.showAllSymbols",
                "Go",
                "Go to Symbol in Project…",
                GoToProjectSymbol,
            ),
            CommandSpec::new("workbench.action.navigateBack", "Go", "Go Back", GoBack),
            CommandSpec::new(
                "workbench.action.navigateForward",
                "Go",
                "Go Forward",
                GoForward,
            ),
            CommandSpec::new(
                "breadcrumbs.focusAndSelect",
                "Go",
                "Focus and Select Breadcrumbs",
                SelectBreadcrumb,
            ),
            CommandSpec::new(
                "workbench.localHistory",
                "File",
                "Local History: Open, Compare or Restore a Save…",
                ShowLocalHistory,
            ),
            CommandSpec::new(
                "workbench.bringBackDeletedFiles",
                "File",
                "Bring Back Deleted Files…",
                BringBackDeleted,
            ),
            CommandSpec::new("workbench.closeTab", "View", "Close Tab", CloseTab),
            CommandSpec::new(
                "workbench.closeOtherTabs",
                "View",
                "Close Other Tabs",
                CloseOtherTabs,
            ),
            CommandSpec::new("workbench.action.keepEditor", "View", "Keep Tab", KeepTab),
            CommandSpec::new("workbench.nextTab", "View", "Next Tab", NextTab),
            CommandSpec::new("workbench.previousTab", "View", "Previous Tab", PreviousTab),
            CommandSpec::new("workbench.showTabs", "View", "Show All Tabs", ShowTabs),
            CommandSpec::new("workbench.splitRight", "View", "Split Right", SplitRight),
            CommandSpec::new(
                "workbench.action.splitEditorDown",
                "View",
                "Split Down",
                SplitDown,
            ),
            CommandSpec::new(
                "workbench.action.closeGroup",
                "View",
                "Close Group",
                CloseGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusNextGroup",
                "View",
                "Focus Next Group",
                FocusNextGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusPreviousGroup",
                "View",
                "Focus Previous Group",
                FocusPreviousGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusLeftGroup",
                "View",
                "Focus Left Group",
                FocusLeftGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusRightGroup",
                "View",
                "Focus Right Group",
                FocusRightGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusAboveGroup",
                "View",
                "Focus Group Above",
                FocusAboveGroup,
            ),
            CommandSpec::new(
                "workbench.action.focusBelowGroup",
                "View",
                "Focus Group Below",
                FocusBelowGroup,
            ),
            CommandSpec::new(
                "workbench.action.moveEditorToNextGroup",
                "View",
                "Move Editor into Next Group",
                MoveToNextGroup,
            ),
            CommandSpec::new(
                "workbench.action.moveEditorToPreviousGroup",
                "View",
                "Move Editor into Previous Group",
                MoveToPreviousGroup,
            ),
            CommandSpec::new(
                "workbench.action.joinAllGroups",
                "View",
                "Join All Groups",
                JoinAllGroups,
            ),
            CommandSpec::new(
                "workbench.action.evenEditorWidths",
                "View",
                "Reset Editor Group Sizes",
                EvenGroups,
            ),
            CommandSpec::new(
                "workbench.action.increaseViewSize",
                "View",
                "Increase Editor Group Size",
                IncreaseGroupSize,
            ),
            CommandSpec::new(
                "workbench.action.decreaseViewSize",
                "View",
                "Decrease Editor Group Size",
                DecreaseGroupSize,
            ),
            CommandSpec::new(
                "workbench.action.increaseViewWidth",
                "View",
                "Increase Editor Group Width",
                IncreaseGroupWidth,
            ),
            CommandSpec::new(
                "workbench.action.decreaseViewWidth",
                "View",
                "Decrease Editor Group Width",
                DecreaseGroupWidth,
            ),
            CommandSpec::new(
                "workbench.action.increaseViewHeight",
                "View",
                "Increase Editor Group Height",
                IncreaseGroupHeight,
            ),
            CommandSpec::new(
                "workbench.action.decreaseViewHeight",
                "View",
                "Decrease Editor Group Height",
                DecreaseGroupHeight,
            ),
            CommandSpec::new(
                "workbench.toggleLeftDock",
                "View",
                "Toggle Left Dock",
                ToggleLeftDock,
            ),
            CommandSpec::new(
                "workbench.toggleRightDock",
                "View",
                "Toggle Right Dock",
                ToggleRightDock,
            ),
            CommandSpec::new(
                "workbench.toggleBottomDock",
                "View",
                "Toggle Bottom Dock",
                ToggleBottomDock,
            ),
            CommandSpec::new("workbench.showFiles", "View", "Show Files", ShowFiles),
            CommandSpec::new("workbench.focusEditor", "View", "Focus Editor", FocusEditor),
            CommandSpec::new(
                "workbench.revealInFiles",
                "View",
                "Reveal in Files",
                RevealInFiles,
            ),
            CommandSpec::new(
                "workbench.action.openSettings",
                "Preferences",
                "Open Settings",
                OpenSettings,
            ),
            CommandSpec::new(
                "workbench.openKeymap",
                "Preferences",
                "Open Key Bindings",
                OpenKeymap,
            ),
            CommandSpec::new(
                "workbench.action.selectTheme",
                "Preferences",
                "Select Theme…",
                SelectTheme,
            ),
            CommandSpec::new(
                "workbench.onboarding",
                "Help",
                "Set Up Kiln…",
                ShowOnboarding,
            ),
            CommandSpec::new("onboarding.skip", "Help", "Skip Setup", SkipSetup).local(),
            CommandSpec::new(
                "onboarding.back",
                "Help",
                "Back to the Previous Step of Setup",
                PreviousStep,
            )
            .local(),
            CommandSpec::new(
                "onboarding.continue",
                "Help",
                "Continue with the Next Step of Setup",
                NextStep,
            )
            .local(),
            CommandSpec::new(
                "onboarding.look",
                "Help",
                "Look at What Setup Would Import",
                LookAtInstallation,
            )
            .local(),
            CommandSpec::new(
                "onboarding.chooseInstallation",
                "Help",
                "Choose the Folder That Setup Imports From…",
                ChooseInstallation,
            )
            .local(),
            CommandSpec::new(
                "onboarding.import",
                "Help",
                "Import What Setup Lists",
                ImportListed,
            )
            .local(),
            CommandSpec::new(
                "onboarding.downloadModel",
                "Agent",
                "Download a Model for This Machine…",
                DownloadModel,
            )
            .local(),
            CommandSpec::new(
                "onboarding.cancelDownload",
                "Agent",
                "Cancel the Download of the Model",
                CancelDownload,
            )
            .local(),
            CommandSpec::new(
                "onboarding.findServers",
                "Agent",
                "Look for Model Servers on This Machine Again",
                FindServers,
            )
            .local(),
            CommandSpec::new(
                "onboarding.useModel",
                "Agent",
                "Use the Next Model That Setup Lists",
                UseNextModel,
            )
            .local(),
            CommandSpec::new(
                "onboarding.saveKey",
                "Agent",
                "Save the Typed Keys",
                SaveKeys,
            )
            .local(),
            CommandSpec::new(
                "workbench.followSystemTheme",
                "Preferences",
                "Follow the System\u{2019}s Light or Dark",
                FollowSystemTheme,
            ),
            CommandSpec::new("onboarding.model", "Agent", "Set Up a Model…", SetUpModel),
            CommandSpec::new("agent.removeKey", "Agent", "Remove a Saved Key…", RemoveKey),
            CommandSpec::new("workbench.menu", "View", "Show Menu", ShowMenu),
            CommandSpec::new("workbench.action.zoomIn", "View", "Zoom In", ZoomIn),
            CommandSpec::new("workbench.action.zoomOut", "View", "Zoom Out", ZoomOut),
            CommandSpec::new(
                "workbench.action.zoomReset",
                "View",
                "Reset Zoom",
                ZoomReset,
            ),
            CommandSpec::new(
                "editor.action.fontZoomIn",
                "View",
                "Increase Editor Font Size",
                FontZoomIn,
            ),
            CommandSpec::new(
                "editor.action.fontZoomOut",
                "View",
                "Decrease Editor Font Size",
                FontZoomOut,
            ),
            CommandSpec::new(
                "editor.action.fontZoomReset",
                "View",
                "Reset Editor Font Size",
                FontZoomReset,
            ),
            CommandSpec::new(
                "editor.action.toggleMinimap",
                "View",
                "Toggle Minimap",
                ToggleMinimap,
            ),
            CommandSpec::new(
                "editor.action.toggleStickyScroll",
                "View",
                "Toggle Sticky Scroll",
                ToggleStickyScroll,
            ),
            CommandSpec::new(
                "editor.action.toggleRenderWhitespace",
                "View",
                "Toggle Render Whitespace",
                ToggleRenderWhitespace,
            ),
            CommandSpec::new(
                "editor.toggleLineNumbers",
                "View",
                "Toggle Line Numbers",
                ToggleLineNumbers,
            ),
            CommandSpec::new("toggleVim", "Vim", "Toggle Vim Mode", ToggleVim),
            CommandSpec::new(
                "workbench.dismissNotices",
                "View",
                "Dismiss Notices",
                DismissNotices,
            ),
            CommandSpec::new(
                "workbench.runNoticeAction",
                "View",
                "Run the Action of the Newest Notice",
                RunNoticeAction,
            ),
            CommandSpec::new("workbench.about", "Help", "About Kiln", About),
            CommandSpec::new("workbench.action.quit", "File", "Quit", Quit),
        ],
    );
}
