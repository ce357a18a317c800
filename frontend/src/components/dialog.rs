//! A dialog over the page. The browser's own `<dialog>` traps the focus and makes the page inert.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

/// What a [`Dialog`] takes.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// The id of the dialog's heading.
    pub labelled_by: AttrValue,
    /// `dialog`, or `alertdialog` for one that asks before something is lost.
    #[prop_or("dialog")]
    pub role: &'static str,
    /// How it looks.
    #[prop_or_default]
    pub class: Classes,
    /// Esc was pressed. The dialog stays until it is no longer drawn.
    pub on_escape: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// A modal dialog, open as long as it is drawn; gives the focus back to where it came from.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let opener = focused_element();
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Fails only where it is open already.
                let _ = dialog.show_modal();
            }
            move || {
                // While it is open the page beneath is inert and takes no focus.
                if let Some(dialog) = dialog {
                    dialog.close();
                }
                if let Some(opener) = opener {
                    let _ = opener.focus();
                }
            }
        });
    }
    let onkeydown = {
        let on_escape = props.on_escape.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                on_escape.emit(());
            }
        })
    };
    // The browser's own closing, e.g. by a gesture, would leave what is drawn and what is open at odds.
    let oncancel = Callback::from(|event: Event| event.prevent_default());
    html! {
        <dialog
            ref={node}
            role={props.role}
            class={props.class.clone()}
            aria-labelledby={props.labelled_by.clone()}
            {onkeydown}
            {oncancel}
        >
            { props.children.clone() }
        </dialog>
    }
}

fn focused_element() -> Option<HtmlElement> {
    web_sys::window()?.document()?.active_element()?.dyn_into().ok()
}
