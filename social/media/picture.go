package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// formats say how each type of picture is read. The registry of package image is not used: it holds whatever somebody imported.
var formats = map[string]struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// makePicture decodes a picture, turns it upright, makes it small enough and writes it anew: nothing but its pixels is left.
// A moving GIF is kept as it moves.
func makePicture(ctx context.Context, content []byte, t string, shape Shape) (Made, error) {
	img, err := decode(ctx, content, t)
	if err != nil {
		return Made{}, err
	}
	made := Made{Kind: "image"}
	moving := t == "image/gif" && shape == Attached && frames(content) > 1
	img = turn(fit(img, shape), orientation(content, t))
	if moving {
		if made.Original, err = cleanGIF(content); err != nil {
			return Made{}, err
		}
	} else if made.Original, err = encode(img, t != "image/jpeg" && (t != "image/webp" || !opaque(img)), 90); err != nil {
		return Made{}, err
	}
	small := shrink(img, smallPixels)
	if shape == Attached {
		if made.Small, err = encode(small, !opaque(small), 80); err != nil {
			return Made{}, err
		}
	}
	made.Blurhash = Blurhash(small)
	if err := ctx.Err(); err != nil {
		return Made{}, late(ctx, err)
	}
	return made, nil
}

// decode reads a picture whose declared size is within the limits. Nothing is reserved for one that is not.
func decode(ctx context.Context, content []byte, t string) (image.Image, error) {
	format := formats[t]
	declared, err := format.config(bytes.NewReader(content))
	if err != nil {
		return nil, late(ctx, err)
	}
	limit := MaxImagePixels
	if t == "image/gif" && frames(content) > 1 {
		limit = MaxVideoPixels
	}
	if w, h := declared.Width, declared.Height; w < 1 || h < 1 || int64(w)*int64(h) > int64(limit) {
		return nil, refuse(nil, "The picture has %d by %d pixels, which is more than is possible: make it smaller.", w, h)
	}
	img, err := format.decode(until{ctx, bytes.NewReader(content)})
	if err != nil {
		return nil, late(ctx, err)
	}
	if b := img.Bounds(); b.Dx() < 1 || b.Dy() < 1 || int64(b.Dx())*int64(b.Dy()) > int64(limit) {
		return nil, refuse(nil, unverified) // it is another than it said
	}
	return img, nil
}

// fit makes img as large as its use allows, at most.
func fit(img image.Image, shape Shape) image.Image {
	switch shape {
	case Avatar:
		return cut(img, 400, 400)
	case Header:
		return cut(img, 1500, 500)
	case Emoji:
		return shrink(img, 256*256)
	}
	return shrink(img, originalPixels)
}

// shrink makes img smaller until it has at most pixels, in its own proportions.
func shrink(img image.Image, pixels int) image.Image {
	b := img.Bounds()
	if b.Dx()*b.Dy() <= pixels {
		return img
	}
	f := math.Sqrt(float64(pixels) / (float64(b.Dx()) * float64(b.Dy())))
	w, h := max(1, int(float64(b.Dx())*f)), max(1, int(float64(b.Dy())*f))
	return scale(img, b, min(w, pixels/h), h)
}

// cut takes the middle of img in the proportions of width to height, and makes it at most that large.
func cut(img image.Image, width, height int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if w*height > h*width {
		w = max(1, h*width/height)
	} else {
		h = max(1, w*height/width)
	}
	from := image.Rect(0, 0, w, h).Add(b.Min).Add(image.Pt((b.Dx()-w)/2, (b.Dy()-h)/2))
	return scale(img, from, min(w, width), min(h, height))
}

func scale(img image.Image, from image.Rectangle, w, h int) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Bounds(), img, from, draw.Src, nil)
	return out
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// encode writes img as PNG, which keeps what can be seen through, or as JPEG of a quality.
func encode(img image.Image, asPNG bool, quality int) (Version, error) {
	v := Version{Type: "image/jpeg", Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	var out bytes.Buffer
	var err error
	if asPNG {
		v.Type = "image/png"
		err = (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, onWhite(img), &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return Version{}, fmt.Errorf("write a picture of %dx%d: %w", v.Width, v.Height, err)
	}
	v.Content = out.Bytes()
	return v, nil
}

func onWhite(img image.Image) image.Image {
	if opaque(img) {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Over)
	return out
}
