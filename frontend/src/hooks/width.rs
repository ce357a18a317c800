//! How much room there is, for what is drawn to the pixel.

use gloo_events::EventListener;
use web_sys::Element;
use yew::prelude::*;

/// The width of an element in pixels, anew when the window changes; 0 before it is known.
#[hook]
pub fn use_width(node: NodeRef) -> usize {
    let width = use_state_eq(|| 0);
    {
        let width = width.setter();
        use_effect_with((), move |()| {
            let measure = move || {
                let pixels = node.cast::<Element>().map(|element| element.client_width());
                width.set(pixels.and_then(|pixels| usize::try_from(pixels).ok()).unwrap_or_default());
            };
            measure();
            let listener = web_sys::window().map(|window| EventListener::new(&window, "resize", move |_| measure()));
            move || drop(listener)
        });
    }
    *width
}
