//! A sequence of items with running sums: a persistent B+ tree.
//!
//! A clone is O(1) and shares all nodes; finding an item by a sum, and replacing a run of items, cost
//! O(log n) and copy only the nodes on the way. Every node but the root is at least half full.

use std::ops::Range;
use std::sync::Arc;

/// Items, or children, of a node at most.
const CAPACITY: usize = if cfg!(test) { 4 } else { 24 };

/// What is added up over items.
pub(crate) trait Sum: Clone + Default {
    /// Adds what follows to the right. Associative.
    fn add(&mut self, next: &Self);
}

/// An item of a [`SumTree`].
pub(crate) trait Item: Clone {
    /// What is added up.
    type Sum: Sum;
    /// What this item adds.
    fn sum(&self) -> Self::Sum;
}

/// The sequence.
#[derive(Clone)]
pub(crate) struct SumTree<T: Item> {
    root: Arc<Node<T>>,
}

struct Node<T: Item> {
    sum: T::Sum,
    /// Items below.
    len: usize,
    body: Body<T>,
}

enum Body<T: Item> {
    Leaf(Vec<T>),
    Branch {
        height: usize,
        children: Vec<Arc<Node<T>>>,
    },
}

/// An item that was looked for, and what lies before it.
pub(crate) struct Found<'a, T: Item> {
    /// Items before it.
    pub index: usize,
    /// Their sum.
    pub start: T::Sum,
    /// The item; none past the end.
    pub item: Option<&'a T>,
}

impl<T: Item> Found<'_, T> {
    /// The sum with the item.
    pub(crate) fn end(&self) -> T::Sum {
        let mut end = self.start.clone();
        if let Some(item) = self.item {
            end.add(&item.sum());
        }
        end
    }
}

impl<T: Item> Default for SumTree<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T: Item> SumTree<T> {
    pub(crate) fn new(items: Vec<T>) -> Self {
        let mut level: Vec<Arc<Node<T>>> = evenly(items).map(Node::leaf).collect();
        let mut height = 0;
        while level.len() > 1 {
            height += 1;
            level = evenly(level)
                .map(|children| Node::branch(height, children))
                .collect();
        }
        let root = level.pop().unwrap_or_else(|| Node::leaf(Vec::new()));
        Self { root }
    }

    /// Number of items.
    pub(crate) fn len(&self) -> usize {
        self.root.len
    }

    /// The sum of all items.
    pub(crate) fn sum(&self) -> &T::Sum {
        &self.root.sum
    }

    /// The first item that is not past: `past` gets the sum up to and with an item and must not turn
    /// from false to true further to the right.
    pub(crate) fn find(&self, mut past: impl FnMut(&T::Sum) -> bool) -> Found<'_, T> {
        self.descend(|end, _| past(end))
    }

    /// The item at an index, with the sum before it.
    pub(crate) fn get(&self, index: usize) -> Found<'_, T> {
        self.descend(|_, len| len <= index)
    }

    /// [`SumTree::find`], where `past` also gets the number of items up to and with that one.
    fn descend(&self, mut past: impl FnMut(&T::Sum, usize) -> bool) -> Found<'_, T> {
        let mut found: Found<'_, T> = Found {
            index: 0,
            start: T::Sum::default(),
            item: None,
        };
        let mut node = &*self.root;
        loop {
            match &node.body {
                Body::Leaf(items) => {
                    for item in items {
                        let mut end = found.start.clone();
                        end.add(&item.sum());
                        if !past(&end, found.index + 1) {
                            found.item = Some(item);
                            break;
                        }
                        found.start = end;
                        found.index += 1;
                    }
                    return found;
                }
                Body::Branch { children, .. } => {
                    let mut inside = None;
                    for child in children {
                        let mut end = found.start.clone();
                        end.add(&child.sum);
                        if !past(&end, found.index + child.len) {
                            inside = Some(child);
                            break;
                        }
                        found.start = end;
                        found.index += child.len;
                    }
                    match inside {
                        Some(child) => node = child,
                        None => return found,
                    }
                }
            }
        }
    }

    /// The first item at an index or after it with a sum that `wanted` wants; what `wanted` refuses
    /// of a run of items it must refuse of each of them.
    pub(crate) fn first_from(
        &self,
        index: usize,
        wanted: impl Fn(&T::Sum) -> bool,
    ) -> Option<usize> {
        fn search<T: Item>(
            node: &Node<T>,
            from: usize,
            wanted: &impl Fn(&T::Sum) -> bool,
        ) -> Option<usize> {
            if from >= node.len || !wanted(&node.sum) {
                return None;
            }
            match &node.body {
                Body::Leaf(items) => items
                    .iter()
                    .enumerate()
                    .skip(from)
                    .find(|(_, item)| wanted(&item.sum()))
                    .map(|(index, _)| index),
                Body::Branch { children, .. } => {
                    let mut before = 0;
                    for child in children {
                        let from = from.saturating_sub(before);
                        if let Some(found) = search(child, from, wanted) {
                            return Some(before + found);
                        }
                        before += child.len;
                    }
                    None
                }
            }
        }
        search(&self.root, index, &wanted)
    }

    /// The items from an index on.
    pub(crate) fn iter_from(&self, index: usize) -> Iter<'_, T> {
        let mut iter = Iter {
            branches: Vec::new(),
            items: [].iter(),
        };
        iter.descend(&self.root, index);
        iter
    }

    /// All items.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> Iter<'_, T> {
        self.iter_from(0)
    }

    /// With the items of a range of indices replaced.
    pub(crate) fn replace(&self, range: Range<usize>, items: Vec<T>) -> Self {
        let (before, rest) = split(&self.root, range.start);
        let (_, after) = match rest {
            Some(rest) => split(&rest, range.end - range.start),
            None => (None, None),
        };
        let middle = (!items.is_empty()).then(|| Self::new(items).root);
        let root = [before, middle, after]
            .into_iter()
            .flatten()
            .reduce(concat)
            .unwrap_or_else(|| Node::leaf(Vec::new()));
        Self { root }
    }

    #[cfg(test)]
    pub(crate) fn check(&self) {
        self.root.check(true);
    }
}

/// Items in order; see [`SumTree::iter_from`].
pub(crate) struct Iter<'a, T: Item> {
    branches: Vec<std::slice::Iter<'a, Arc<Node<T>>>>,
    items: std::slice::Iter<'a, T>,
}

impl<'a, T: Item> Iter<'a, T> {
    fn descend(&mut self, mut node: &'a Node<T>, mut index: usize) {
        loop {
            match &node.body {
                Body::Leaf(items) => {
                    self.items = items[index.min(items.len())..].iter();
                    return;
                }
                Body::Branch { children, .. } => {
                    let mut children = children.iter();
                    loop {
                        let Some(child) = children.next() else {
                            return;
                        };
                        if index < child.len {
                            node = child;
                            break;
                        }
                        index -= child.len;
                    }
                    self.branches.push(children);
                }
            }
        }
    }
}

impl<'a, T: Item> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(item);
            }
            let next = loop {
                match self.branches.last_mut()?.next() {
                    Some(child) => break child,
                    None => self.branches.pop(),
                };
            };
            self.descend(next, 0);
        }
    }
}

impl<T: Item> Node<T> {
    fn leaf(items: Vec<T>) -> Arc<Self> {
        let mut sum = T::Sum::default();
        for item in &items {
            sum.add(&item.sum());
        }
        Arc::new(Self {
            sum,
            len: items.len(),
            body: Body::Leaf(items),
        })
    }

    fn branch(height: usize, children: Vec<Arc<Self>>) -> Arc<Self> {
        let mut sum = T::Sum::default();
        let mut len = 0;
        for child in &children {
            sum.add(&child.sum);
            len += child.len;
        }
        Arc::new(Self {
            sum,
            len,
            body: Body::Branch { height, children },
        })
    }

    fn height(&self) -> usize {
        match &self.body {
            Body::Leaf(_) => 0,
            Body::Branch { height, .. } => *height,
        }
    }

    #[cfg(test)]
    fn check(&self, root: bool) {
        let least = if root { 0 } else { CAPACITY / 2 };
        match &self.body {
            Body::Leaf(items) => {
                assert!((least..=CAPACITY).contains(&items.len()));
                assert_eq!(self.len, items.len());
            }
            Body::Branch { height, children } => {
                assert!((least.max(2)..=CAPACITY).contains(&children.len()));
                assert_eq!(
                    self.len,
                    children.iter().map(|child| child.len).sum::<usize>()
                );
                for child in children {
                    assert_eq!(child.height() + 1, *height);
                    child.check(false);
                }
            }
        }
    }
}

/// The pieces of a list, none above the capacity, all of them at least half full unless there is
/// only one.
fn evenly<T>(items: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let total = items.len();
    let pieces = total.div_ceil(CAPACITY);
    let mut items = items.into_iter();
    (0..pieces).map(move |piece| {
        let size = total * (piece + 1) / pieces - total * piece / pieces;
        items.by_ref().take(size).collect()
    })
}

fn concat<T: Item>(left: Arc<Node<T>>, right: Arc<Node<T>>) -> Arc<Node<T>> {
    if left.len == 0 {
        return right;
    }
    if right.len == 0 {
        return left;
    }
    let height = left.height().max(right.height());
    match join(&left, &right) {
        (one, None) => one,
        (one, Some(two)) => Node::branch(height + 1, vec![one, two]),
    }
}

/// Two trees as one or two nodes of the height of the higher.
fn join<T: Item>(
    left: &Arc<Node<T>>,
    right: &Arc<Node<T>>,
) -> (Arc<Node<T>>, Option<Arc<Node<T>>>) {
    match (&left.body, &right.body) {
        (Body::Leaf(first), Body::Leaf(second)) => {
            let items = first.iter().chain(second).cloned().collect();
            one_or_two(evenly(items).map(Node::leaf))
        }
        (Body::Branch { height, children }, _) if *height > right.height() => {
            let (last, rest) = match children.split_last() {
                Some(split) => split,
                None => return (right.clone(), None),
            };
            let (one, two) = join(last, right);
            let children = rest.iter().cloned().chain([one]).chain(two).collect();
            one_or_two(evenly(children).map(|children| Node::branch(*height, children)))
        }
        (_, Body::Branch { height, children }) if *height > left.height() => {
            let (first, rest) = match children.split_first() {
                Some(split) => split,
                None => return (left.clone(), None),
            };
            let (one, two) = join(left, first);
            let children = [one]
                .into_iter()
                .chain(two)
                .chain(rest.iter().cloned())
                .collect();
            one_or_two(evenly(children).map(|children| Node::branch(*height, children)))
        }
        (
            Body::Branch {
                height,
                children: first,
            },
            Body::Branch {
                children: second, ..
            },
        ) => {
            let children = first.iter().chain(second).cloned().collect();
            one_or_two(evenly(children).map(|children| Node::branch(*height, children)))
        }
        // Of two different heights, the higher is a branch.
        (Body::Leaf(_), Body::Branch { .. }) | (Body::Branch { .. }, Body::Leaf(_)) => {
            (left.clone(), Some(right.clone()))
        }
    }
}

fn one_or_two<T: Item>(
    mut nodes: impl Iterator<Item = Arc<Node<T>>>,
) -> (Arc<Node<T>>, Option<Arc<Node<T>>>) {
    let first = nodes.next().unwrap_or_else(|| Node::leaf(Vec::new()));
    (first, nodes.next())
}

/// The trees before and from an index on.
type Halves<T> = (Option<Arc<Node<T>>>, Option<Arc<Node<T>>>);

fn split<T: Item>(node: &Arc<Node<T>>, index: usize) -> Halves<T> {
    if index == 0 {
        return (None, Some(node.clone()));
    }
    if index >= node.len {
        return (Some(node.clone()), None);
    }
    match &node.body {
        Body::Leaf(items) => (
            Some(Node::leaf(items[..index].to_vec())),
            Some(Node::leaf(items[index..].to_vec())),
        ),
        Body::Branch { height, children } => {
            let mut before = 0;
            let mut at = 0;
            while before + children[at].len <= index {
                before += children[at].len;
                at += 1;
            }
            let (left, right) = split(&children[at], index - before);
            let join = |first: Option<_>, second: Option<_>| match (first, second) {
                (Some(first), Some(second)) => Some(concat(first, second)),
                (one, other) => one.or(other),
            };
            (
                join(tree_of(*height, &children[..at]), left),
                join(right, tree_of(*height, &children[at + 1..])),
            )
        }
    }
}

fn tree_of<T: Item>(height: usize, children: &[Arc<Node<T>>]) -> Option<Arc<Node<T>>> {
    match children {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(Node::branch(height, several.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Weight(usize);

    #[derive(Clone, Default)]
    struct Total(usize);

    impl Sum for Total {
        fn add(&mut self, next: &Self) {
            self.0 += next.0;
        }
    }

    impl Item for Weight {
        type Sum = Total;

        fn sum(&self) -> Total {
            Total(self.0)
        }
    }

    proptest! {
        /// Any run of replacements gives what it gives in a list, and the tree stays balanced.
        #[test]
        fn it_is_a_list_with_sums(
            first in vec(0usize..5, 0..200),
            changes in vec((any::<usize>(), any::<usize>(), vec(0usize..5, 0..40)), 0..12),
            wanted in 0usize..500,
        ) {
            let mut list: Vec<Weight> = first.into_iter().map(Weight).collect();
            let mut tree = SumTree::new(list.clone());
            for (start, end, items) in changes {
                let (start, end) = (start % (list.len() + 1), end % (list.len() + 1));
                let range = start.min(end)..start.max(end);
                let items: Vec<Weight> = items.into_iter().map(Weight).collect();
                tree = tree.replace(range.clone(), items.clone());
                list.splice(range, items);
                tree.check();
                prop_assert_eq!(tree.iter().cloned().collect::<Vec<_>>(), list.clone());
            }
            let found = tree.find(|sum| sum.0 <= wanted);
            let mut sum = 0;
            let index = list.iter().position(|weight| { sum += weight.0; sum > wanted });
            prop_assert_eq!(found.index, index.unwrap_or(list.len()));
            prop_assert_eq!(found.item, index.map(|index| &list[index]));
            let before: usize = list[..found.index].iter().map(|weight| weight.0).sum();
            prop_assert_eq!(found.start.0, before);
            let again = tree.get(found.index);
            prop_assert_eq!((again.index, again.start.0), (found.index, before));
            prop_assert_eq!(tree.iter_from(found.index).count(), list.len() - found.index);
            let heavy = tree.first_from(found.index, |sum| sum.0 > 3);
            let expected = (found.index..list.len()).find(|index| list[*index].0 > 3);
            // A run may be heavy without a heavy item in it; then the search goes on behind it.
            prop_assert_eq!(heavy, expected);
        }
    }
}
