//! The picture of a captcha: its text, waved and speckled.

use captcha::Captcha;
use captcha::filters::{Noise, Wave};
use data_encoding::BASE64;

use crate::problem::Fault;

/// How wide the widest character of the alphabet is drawn, and the margin, pixels.
const CHARACTER: u32 = 29;
const MARGIN: u32 = 80;
const HEIGHT: u32 = 100;

/// A PNG of the text in base64.
pub(super) fn draw(text: &str, noise_percent: u32) -> Result<String, Fault> {
    let mut picture = Captcha::new();
    let mut width = MARGIN;
    for c in text.chars() {
        picture.set_chars(&[c]).add_char();
        width += CHARACTER;
    }
    let noise = f32::from(u8::try_from(noise_percent).unwrap_or(u8::MAX)) / 100.0;
    picture
        .apply_filter(Noise::new(noise))
        .apply_filter(Wave::new(2.0, 8.0).horizontal())
        .apply_filter(Wave::new(2.0, 8.0).vertical())
        .view(width, HEIGHT);
    let png = picture.as_png().ok_or_else(|| Fault::new(anyhow::anyhow!("a captcha's picture cannot be drawn")))?;
    Ok(BASE64.encode(&png))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citizens::captchas::puzzle::ALPHABET;

    #[test]
    fn every_character_has_a_shape_and_the_longest_text_fits() {
        let whole = std::str::from_utf8(ALPHABET).unwrap();
        assert!(whole.chars().all(|c| Captcha::new().supported_chars().contains(&c)));
        for text in [whole.get(..8).unwrap(), "yyyyyyyy", "tttt", "xkcd"] {
            let png = BASE64.decode(draw(text, 20).unwrap().as_bytes()).unwrap();
            assert!(png.starts_with(b"\x89PNG"), "{text}");
        }
    }
}
