//! A text as a QR code, drawn in the page.

use qrcode::{Color, QrCode};
use yew::prelude::*;

/// Light modules around the code, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// The picture; nothing where the text is too long for one, for it stands beside it in words.
pub(super) fn picture(text: &str, name: AttrValue) -> Html {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return Html::default() };
    let side = code.width() + 2 * QUIET;
    html! {
        <svg class="qr" viewBox={format!("0 0 {side} {side}")} role="img" aria-label={name} shape-rendering="crispEdges">
            <rect class="qr-ground" width={side.to_string()} height={side.to_string()} />
            <path d={dark(&code)} />
        </svg>
    }
}

/// The dark modules, each run of them as one stroke of a row.
fn dark(code: &QrCode) -> String {
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(code.width()).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len()));
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "otpauth://totp/C%E1%BB%95ng:an?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=C%E1%BB%95ng";

    /// The path's rectangles, painted so many pixels a module, as a camera sees them.
    fn painted(path: &str, side: usize, scale: usize) -> Vec<u8> {
        let mut picture = vec![255; side * side * scale * scale];
        for part in path.split('M').filter(|part| !part.is_empty()) {
            let (at, rest) = part.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let wide: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            for row in y * scale..(y + 1) * scale {
                picture[row * side * scale + x * scale..row * side * scale + (x + wide) * scale].fill(0);
            }
        }
        picture
    }

    #[test]
    fn a_camera_reads_the_address_from_the_picture() {
        let code = QrCode::new(URL).unwrap();
        let (side, scale) = (code.width() + 2 * QUIET, 6);
        let pixels = painted(&dark(&code), side, scale);
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
            pixels[y * side * scale + x]
        });
        let grids = seen.detect_grids();
        assert_eq!(grids[0].decode().unwrap().1, URL);
    }
}
