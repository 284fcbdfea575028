package media

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a picture must be turned to stand upright, 1 to 8 as Exif counts; 1 is as it is.
func orientation(content []byte, t string) int {
	var tiff []byte
	switch t {
	case "image/jpeg":
		tiff = exifOfJPEG(content)
	case "image/png":
		tiff = chunk(content, 8, "eXIf", binary.BigEndian, true)
	case "image/webp":
		tiff = bytes.TrimPrefix(chunk(content, 12, "EXIF", binary.LittleEndian, false), []byte("Exif\x00\x00"))
	}
	return orientationOf(tiff)
}

// exifOfJPEG finds the first Exif segment before the picture itself begins.
func exifOfJPEG(content []byte) []byte {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		marker, size := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(content) {
			return nil
		}
		if rest, ok := bytes.CutPrefix(content[at+4:at+2+size], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return rest
		}
		at += 2 + size
	}
	return nil
}

// chunk finds a chunk of PNG (its length before its name, a checksum behind) or RIFF (its length behind its name, even).
func chunk(content []byte, at int, name string, order binary.ByteOrder, isPNG bool) []byte {
	for at+8 <= len(content) {
		label, length := content[at:at+4], content[at+4:at+8]
		if isPNG {
			label, length = length, label
		}
		n := int(order.Uint32(length))
		if n < 0 || n > len(content)-at-8 {
			return nil
		}
		if string(label) == name {
			return content[at+8 : at+8+n]
		}
		if at += 8 + n; isPNG {
			at += 4
		} else {
			at += n % 2
		}
	}
	return nil
}

// orientationOf reads tag 0x0112 of the first directory of a TIFF block.
func orientationOf(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	for i := range int64(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if n := int(order.Uint16(tiff[entry+8:])); n >= 1 && n <= 8 {
				return n
			}
			return 1
		}
	}
	return 1
}

// turn brings img upright.
func turn(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	outW, outH := w, h
	if orientation > 4 {
		outW, outH = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, outW, outH))
	for y := range outH {
		for x := range outW {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			out.Set(x, y, img.At(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return out
}
