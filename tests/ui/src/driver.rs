//! The program under test, and the waiting that goes with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use fs::KilnPaths;
use gpui_kit::test::{ElementSnapshot, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    AnyWindowHandle, App, Bounds, HeadlessAppContext, Pixels, Point, Role, Size, Window,
    WindowBounds, WindowOptions, px, size,
};
use kiln::LaunchOptions;
use settings::Appearance;
use tempfile::TempDir;

/// How long a test waits for something that another thread brings about.
/// Generous, because the machine that runs the tests may be busy: a wait ends
/// as soon as its condition holds.
const PATIENCE: Duration = Duration::from_secs(60);

/// For how many frames a control stands where it did before it is clicked.
const STILL_FRAMES: u32 = 2;

/// How a [`Driver`] starts the program.
pub struct Setup {
    /// The folder that is opened; none shows the welcome screen.
    pub folder: Option<PathBuf>,
    /// Files opened at once, relative to the folder.
    pub open: Vec<PathBuf>,
    /// Text of the user's settings.json; empty for no file.
    pub settings: String,
    /// Fixes light or dark instead of asking the system.
    pub appearance: Appearance,
    /// Shows onboarding even where it was finished before.
    pub onboarding: bool,
    /// Size of the window in logical pixels.
    pub size: Size<Pixels>,
    /// Device pixels a logical pixel in pictures.
    pub scale: f32,
    /// Home for Kiln's own folders; a scratch one by default.
    pub home: Option<PathBuf>,
    /// What is started for another window.
    pub program: Option<PathBuf>,
    /// Draws with a graphics device, so that [pictures](Driver::picture) can be taken. Without, the
    /// same is laid out and painted, up to the scene that a device would be given.
    pub pictures: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            folder: None,
            open: Vec::new(),
            settings: String::new(),
            appearance: Appearance::Dark,
            onboarding: false,
            size: size(px(1440.), px(900.)),
            scale: 1.0,
            home: None,
            program: None,
            pictures: false,
        }
    }
}

/// The running program.
pub struct Driver {
    context: HeadlessAppContext,
    window: AnyWindowHandle,
    home: PathBuf,
    _scratch: TempDir,
    // Last, so that the agent's tasks outlive the window that talks to them.
    _runtime: tokio::runtime::Runtime,
}

impl Driver {
    /// Starts the program as `kiln` does, offscreen.
    ///
    /// # Errors
    /// No Vulkan adapter where pictures are wanted (a software one suffices), or the window could not
    /// open.
    pub fn start(setup: Setup) -> Result<Self> {
        let scratch = tempfile::tempdir().context("creating a scratch folder")?;
        let home = setup
            .home
            .clone()
            .unwrap_or_else(|| scratch.path().join("home"));
        let paths = KilnPaths::under(&home);
        std::fs::create_dir_all(&paths.config)?;
        if !setup.settings.is_empty() {
            std::fs::write(paths.config.join("settings.json"), &setup.settings)?;
        }
        if !setup.onboarding {
            kiln::mark_onboarded(&paths)?;
        }

        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let mut context = HeadlessAppContext::with_platform(
            gpui_kit::platform::current_platform(true).text_system(),
            Arc::new(ui::KilnAssets),
            move || match setup.pictures {
                true => gpui_kit::platform::current_headless_renderer(),
                false => Ok(None),
            },
        );
        // Models, files and processes answer from other threads.
        context.allow_parking();

        let folder = setup.folder.clone();
        let open = setup
            .open
            .iter()
            .map(|path| {
                let path = folder.as_ref().map_or(path.clone(), |root| root.join(path));
                ui::OpenTarget::new(path)
            })
            .collect();
        let options = LaunchOptions {
            folder,
            open,
            paths,
            runtime: runtime.handle().clone(),
            appearance: Some(setup.appearance),
            onboarding: setup.onboarding,
            beside_another: false,
            program: setup.program.clone(),
            // This program is not Kiln, which starts itself again for that.
            open_windows: None,
            supervisor: None,
        };
        let window_options = WindowOptions {
            window_bounds: Some(WindowBounds::Windowed(Bounds {
                origin: Default::default(),
                size: setup.size,
            })),
            focus: true,
            show: true,
            ..Default::default()
        };
        let earlier = kiln::Earlier::read(&options.paths, options.folder.as_deref());
        let window = context.update(|cx| -> Result<AnyWindowHandle> {
            gpui_kit::init(cx);
            kiln::init(&options, cx)?;
            let (window, _) = kiln::open_window(options, earlier, window_options, cx)?;
            Ok(window)
        })?;
        let mut driver = Self {
            context,
            window,
            home,
            _scratch: scratch,
            _runtime: runtime,
        };
        driver.settle();
        Ok(driver)
    }

    /// Kiln's home in this run (`KILN_HOME`).
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Runs `body` on the window.
    pub fn with_window<R>(&mut self, body: impl FnOnce(&mut Window, &mut App) -> R) -> Result<R> {
        let window = self.window;
        self.context
            .update_window(window, |_, window, cx| body(window, cx))
    }

    /// Runs everything that is ready, without drawing.
    pub fn run_ready(&mut self) {
        self.context.run_until_parked();
    }

    /// Runs everything that is ready, and draws a frame, which shows again what was not changed as it
    /// was drawn before.
    pub fn settle(&mut self) {
        self.context.run_until_parked();
        let window = self.window;
        let drawn = self
            .context
            .update_window(window, |_, window, cx| window.draw(cx).clear(cx));
        if let Err(error) = drawn {
            eprintln!("the window is gone: {error:#}");
        }
        self.context.run_until_parked();
    }

    /// Runs everything that is ready and draws a frame where that changed something, after a wait for
    /// other threads, of a millisecond at most.
    ///
    /// # Errors
    /// The window was closed.
    pub fn next_frame(&mut self) -> Result<()> {
        let before = Instant::now();
        // A task woken from another thread unparks this one.
        thread::park_timeout(Duration::from_millis(1));
        self.context.advance_clock(before.elapsed());
        self.context.run_until_parked();
        // What was changed is drawn when the update ends.
        self.with_window(|_, _| ())
    }

    /// Waits until `condition` holds, drawing frames as work arrives.
    ///
    /// # Errors
    /// Says what was waited for and which labels the window shows.
    pub fn wait_for(
        &mut self,
        what: &str,
        mut condition: impl FnMut(&mut Window, &mut App) -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.settle();
            if self.with_window(&mut condition)? {
                return Ok(());
            }
            if Instant::now() >= deadline {
                let labels = self.labels()?;
                bail!("waited in vain for {what}; the window shows: {labels:?}");
            }
            // A task woken from another thread unparks this one.
            let before = Instant::now();
            thread::park_timeout(Duration::from_millis(20));
            self.context.advance_clock(before.elapsed());
        }
    }

    /// Waits until a control with this accessible label is shown.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn wait_for_label(&mut self, label: &str) -> Result<()> {
        self.wait_for(&format!("the label {label:?}"), |window, _| {
            window
                .find_all_by_label(label)
                .iter()
                .any(ElementSnapshot::visible)
        })
    }

    /// Waits until an element whose label or value contains `text` is shown.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn wait_for_text(&mut self, text: &str) -> Result<()> {
        self.wait_for(&format!("the text {text:?}"), |window, _| {
            window.elements().iter().any(|element| {
                element.label().is_some_and(|label| label.contains(text))
                    || element.value().is_some_and(|value| value.contains(text))
            })
        })
    }

    /// All accessible labels that the last frame showed.
    ///
    /// # Errors
    /// The window was closed.
    pub fn labels(&mut self) -> Result<Vec<String>> {
        self.with_window(|window, _| {
            window
                .elements()
                .iter()
                .filter_map(|element| element.label().map(|label| label.to_string()))
                .collect()
        })
    }

    /// Waits for the control with this label and clicks it in the middle.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn click(&mut self, label: &str) -> Result<()> {
        let position = self.resting_place(label)?;
        self.with_window(|window, cx| {
            use gpui_kit::test::TestEventExt as _;
            window.pointer_move(position, None, cx);
            window.pointer_down(position, gpui_kit::MouseButton::Left, cx);
            window.pointer_up(position, gpui_kit::MouseButton::Left, cx);
        })?;
        self.settle();
        Ok(())
    }

    /// The middle of a control once it stands still inside the window: a notice slides in, and a
    /// click at where it was a frame ago meets what lies behind it.
    fn resting_place(&mut self, label: &str) -> Result<Point<Pixels>> {
        let mut last = None;
        let mut frames = 0;
        self.wait_for(&format!("{label:?} to stand still"), |window, _| {
            let inside = Bounds::new(Point::default(), window.viewport_size());
            let now = window
                .find_all_by_label(label)
                .into_iter()
                .find(ElementSnapshot::visible)
                .map(|element| element.bounds().center())
                .filter(|position| inside.contains(position));
            let same = now.is_some() && now == last;
            frames = if same { frames + 1 } else { 0 };
            last = now;
            frames == STILL_FRAMES
        })?;
        last.with_context(|| format!("{label:?} is gone"))
    }

    /// Presses keys one after the other: `"ctrl-shift-p"`, `"enter"`.
    ///
    /// # Errors
    /// The window was closed.
    pub fn press(&mut self, keys: &[&str]) -> Result<()> {
        for key in keys {
            self.with_window(|window, cx| window.press(key, cx))?;
            self.settle();
        }
        Ok(())
    }

    /// Types text into what has the focus.
    ///
    /// # Errors
    /// The window was closed.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        self.with_window(|window, cx| window.input(text, cx))?;
        self.settle();
        Ok(())
    }

    /// Puts the focus into the message field, by the command's key.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn focus_agent(&mut self) -> Result<()> {
        self.wait_for_label("Message to the agent")?;
        self.press(&["ctrl-alt-i"])
    }

    /// Sends a message to the agent, by the keyboard.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn ask_agent(&mut self, message: &str) -> Result<()> {
        self.focus_agent()?;
        self.type_text(message)?;
        self.press(&["enter"])
    }

    /// Gives the keyboard to the editor, by its command's key.
    ///
    /// # Errors
    /// The window was closed.
    pub fn focus_editor(&mut self) -> Result<()> {
        self.press(&["ctrl-k", "e"])
    }

    /// What the tooltip says that comes when the pointer rests at a place.
    ///
    /// # Errors
    /// The window was closed.
    pub fn tooltip_at(&mut self, position: Point<Pixels>) -> Result<Option<String>> {
        // It leaves what it was on first.
        for at in [Point::default(), position] {
            self.with_window(|window, cx| {
                use gpui_kit::test::TestEventExt as _;
                window.pointer_move(at, None, cx);
            })?;
            self.settle();
        }
        self.context.advance_clock(Duration::from_secs(1));
        self.settle();
        self.with_window(|window, _| {
            let tooltips = window.find_all_by_role(Role::Tooltip);
            let shown = tooltips.iter().find(|tooltip| tooltip.visible());
            shown.and_then(|tooltip| tooltip.label().map(str::to_owned))
        })
    }

    /// Waits for a control that is there and enabled, and clicks it.
    ///
    /// # Errors
    /// As [`Driver::wait_for`].
    pub fn click_when_enabled(&mut self, label: &str) -> Result<()> {
        self.wait_for(&format!("{label:?} to be enabled"), |window, _| {
            window
                .find_all_by_label(label)
                .iter()
                .any(|element| element.visible() && element.disabled() != Some(true))
        })?;
        self.click(label)
    }

    /// Waits until nothing has been woken for a moment: files are read, trees
    /// parsed, the git state known.
    ///
    /// # Errors
    /// The window was closed.
    pub fn rest(&mut self) -> Result<()> {
        for _ in 0..25 {
            self.settle();
            let before = Instant::now();
            thread::park_timeout(Duration::from_millis(40));
            self.context.advance_clock(before.elapsed());
        }
        // What the last of that time brought about is no later step's.
        self.settle();
        self.with_window(|_, _| ())
    }

    /// The picture of the window as a person would see it now.
    ///
    /// # Errors
    /// It was not [set up](Setup::pictures) for that.
    pub fn picture(&mut self) -> Result<image::RgbaImage> {
        self.settle();
        let window = self.window;
        self.context.capture_screenshot(window)
    }
}
