//! The window's title, which a screen reader reads first.

use yew::prelude::*;

use crate::browser;
use crate::opening::use_opened;

/// Names the page in the window's title, before the portal's name.
#[hook]
pub fn use_title(page: &AttrValue) {
    let portal = use_opened().desk.portal_name.clone();
    use_effect_with((page.clone(), portal), |(page, portal)| browser::set_title(&format!("{page} – {portal}")));
}
