package media

import (
	"image"
	"math"
	"strings"

	"golang.org/x/image/draw"
)

// Columns and rows of a blurhash's waves.
const waves = 4

const digits83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// Blurhash is img as some thirty characters that can be drawn as a blur while it loads. It is the first waves of a cosine
// transform of the colours in linear light, written in base 83; the format is that of blurha.sh. A small copy is enough:
// no wave is finer than a quarter of the picture.
func Blurhash(img image.Image) string {
	const w, h = 32, 24
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(small, small.Bounds(), onWhite(img), onWhite(img).Bounds(), draw.Src, nil)
	var light [h][w][3]float64
	for y := range h {
		for x := range w {
			for c := range 3 {
				light[y][x][c] = linear(small.Pix[small.PixOffset(x, y)+c])
			}
		}
	}
	var factors [waves * waves][3]float64
	for j := range waves {
		for i := range waves {
			norm := 2.0
			if i == 0 && j == 0 {
				norm = 1
			}
			for y := range h {
				for x := range w {
					basis := norm * math.Cos(math.Pi*float64(i)*float64(x)/w) * math.Cos(math.Pi*float64(j)*float64(y)/h)
					for c := range 3 {
						factors[j*waves+i][c] += basis * light[y][x][c] / (w * h)
					}
				}
			}
		}
	}
	return written(factors)
}

func written(factors [waves * waves][3]float64) string {
	var out strings.Builder
	put := func(value, length int) {
		for place := length - 1; place >= 0; place-- {
			out.WriteByte(digits83[value/int(math.Pow(83, float64(place)))%83])
		}
	}
	loudest := 0.0
	for _, f := range factors[1:] {
		for _, v := range f {
			loudest = max(loudest, math.Abs(v))
		}
	}
	steps := max(0, min(82, int(math.Floor(loudest*166-0.5))))
	loudest = float64(steps+1) / 166
	put(waves-1+(waves-1)*9, 1)
	put(steps, 1)
	put(int(display(factors[0][0]))<<16|int(display(factors[0][1]))<<8|int(display(factors[0][2])), 4)
	for _, f := range factors[1:] {
		value := 0
		for _, v := range f {
			root := math.Copysign(math.Sqrt(math.Abs(v/loudest)), v)
			value = value*19 + max(0, min(18, int(math.Floor(root*9+9.5))))
		}
		put(value, 2)
	}
	return out.String()
}

// linear and display are between a screen's numbers and light.
func linear(v uint8) float64 {
	f := float64(v) / 255
	if f <= 0.04045 {
		return f / 12.92
	}
	return math.Pow((f+0.055)/1.055, 2.4)
}

func display(v float64) uint8 {
	v = max(0, min(1, v))
	if v <= 0.0031308 {
		return uint8(v*12.92*255 + 0.5)
	}
	return uint8((1.055*math.Pow(v, 1/2.4)-0.055)*255 + 0.5)
}
