//! The page's drawings, inline and 24 × 24, always beside their text.

use yew::prelude::*;

/// What there is a drawing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// Something is wrong.
    Alert,
    /// Something went well.
    Check,
    /// A clock: waiting.
    Clock,
    /// ×
    Close,
    /// Two sheets.
    Copy,
    /// An open door: the product's mark.
    Door,
    /// An arrow into a tray.
    Download,
    /// An i in a circle.
    Info,
    /// A line that is cut.
    Offline,
    /// A plus.
    Plus,
    /// A magnifying glass.
    Search,
    /// A text message.
    Sms,
    /// An arrow out of a tray.
    Upload,
    /// A person.
    User,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 3 2 21h20L12 3zm0 6v6m0 3v.01",
            Self::Check => "M4 12.5 9.5 18 20 6.5",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4v5l3.5 2",
            Self::Close => "M5 5l14 14M19 5 5 19",
            Self::Copy => "M8 8h12v13H8zM16 8V3H4v13h4",
            Self::Door => "M3 21h18M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16M9 21V7l6 2v12M12.5 14v.01",
            Self::Download => "M12 3v12m-5-5 5 5 5-5M4 17v4h16v-4",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8v6m0-9.5v.01",
            Self::Offline => {
                "M3 3l18 18M5 12a10 10 0 0 1 4-2.4m4.5-.5A10 10 0 0 1 19 12M8.5 15.5a5 5 0 0 1 7 0M12 19v.01"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
            Self::Sms => "M4 4h16v12H10l-5 4v-4H4zM8 9h8m-8 3h5",
            Self::Upload => "M12 15V3m-5 5 5-5 5 5M4 17v4h16v-4",
            Self::User => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 3.6-6 8-6s8 2 8 6",
        }
    }
}

/// A drawing; screen readers pass it over, for its text stands beside it.
pub fn icon(name: IconName) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d={name.path()} />
        </svg>
    }
}
