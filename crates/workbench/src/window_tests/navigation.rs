//! Going back and forward along the places that a person came by.

use super::Scene;
use gpui_kit::TestAppContext;

const BACK: &str = "workbench.action.navigateBack";
const FORWARD: &str = "workbench.action.navigateForward";

impl Scene<'_> {
    /// Moves the caret of the view in front, as a search does.
    fn go_to(&mut self, offset: usize) {
        let view = self.view();
        self.with(|window, cx| ui::ItemHandle::reveal_offset(&view, offset, window, cx));
        self.settle();
    }

    /// Goes to a neighbour of the present place: what is in front then, and the caret there.
    fn navigate(&mut self, command: &str) -> (String, usize) {
        self.run(command);
        let view = self.view();
        view.read_with(self.cx, |view, cx| {
            (ui::Item::tab_title(view, cx).into(), view.caret)
        })
    }
}

#[gpui_kit::test]
fn a_document_without_a_caret_is_a_place_and_leaves_those_of_others_alone(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(scene.root.join("README.md"), "line\n".repeat(200)).unwrap();
    std::fs::write(scene.root.join("design.read"), "short\n").unwrap();
    scene.open_file("README.md");
    for offset in [250, 500] {
        scene.go_to(offset);
    }
    scene.open_file("design.read");
    let (readme, design) = (|offset| ("README.md".to_owned(), offset), "design.read");
    assert_eq!(scene.navigate(BACK), readme(500));
    assert_eq!(scene.navigate(FORWARD), (design.to_owned(), 0));
    for offset in [500, 250, 0] {
        assert_eq!(scene.navigate(BACK), readme(offset));
    }
    for offset in [250, 500] {
        assert_eq!(scene.navigate(FORWARD), readme(offset));
    }
    assert_eq!(scene.navigate(FORWARD), (design.to_owned(), 0));
}
