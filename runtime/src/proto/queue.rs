//! A queue for "usually none, often one, rarely many": the first element is stored inline.

use std::collections::VecDeque;

/// Elements of the overflow that may stay allocated while the queue is empty; a burst's memory is given back.
const KEEP: usize = 8;

/// FIFO that allocates only from the second element on, so an idle connection's queues own no heap.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    head: Option<T>,
    tail: VecDeque<T>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { head: None, tail: VecDeque::new() }
    }
}

impl<T> Queue<T> {
    pub(crate) fn push(&mut self, item: T) {
        if self.head.is_none() {
            self.head = Some(item);
        } else {
            self.tail.push_back(item);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let item = self.head.take()?;
        self.head = self.tail.pop_front();
        if self.head.is_none() && self.tail.capacity() > KEEP {
            self.tail = VecDeque::new();
        }
        Some(item)
    }

    pub(crate) fn front(&self) -> Option<&T> {
        self.head.as_ref()
    }

    pub(crate) fn len(&self) -> usize {
        usize::from(self.head.is_some()) + self.tail.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.head.is_none()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{KEEP, Queue};

    #[test]
    fn is_first_in_first_out_across_the_inline_slot() {
        let mut queue = Queue::default();
        assert_eq!((queue.pop(), queue.front(), queue.len()), (None, None, 0));
        for n in 0..3 {
            queue.push(n);
        }
        assert_eq!((queue.pop(), queue.len()), (Some(0), 2));
        queue.push(3);
        assert_eq!(queue.front(), Some(&1));
        assert_eq!([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [Some(1), Some(2), Some(3), None]);
        assert!(queue.is_empty());
    }

    #[test]
    fn one_element_needs_no_heap_and_a_burst_gives_its_memory_back() {
        let mut queue = Queue::default();
        queue.push(1);
        queue.pop();
        assert_eq!(queue.tail.capacity(), 0);
        for n in 0..100 {
            queue.push(n);
        }
        assert!(queue.tail.capacity() > KEEP);
        while queue.pop().is_some() {}
        assert_eq!(queue.tail.capacity(), 0);
    }
}
