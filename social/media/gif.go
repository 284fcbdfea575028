package media

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// maxFrames bounds how long a GIF can keep who looks at it busy.
const maxFrames = 2000

var errGIF = errors.New("the blocks of the GIF do not add up")

// frames counts the pictures of a GIF; 0 when it is none.
func frames(content []byte) int {
	_, n, err := walkGIF(content)
	if err != nil {
		return 0
	}
	return n
}

// cleanGIF is a moving GIF without comments, foreign blocks and whatever comes after its end.
func cleanGIF(content []byte) (Version, error) {
	clean, n, err := walkGIF(content)
	if err != nil {
		return Version{}, refuse(err, "The file is damaged and cannot be read: save it anew and send that.")
	}
	if n > maxFrames {
		return Version{}, refuse(nil, "The GIF has %d pictures; at most %d are possible.", n, maxFrames)
	}
	w, h := binary.LittleEndian.Uint16(content[6:]), binary.LittleEndian.Uint16(content[8:])
	return Version{Content: clean, Type: "image/gif", Width: int(w), Height: int(h)}, nil
}

// walkGIF copies the blocks that make pictures and says how many pictures there are.
func walkGIF(content []byte) (clean []byte, pictures int, err error) {
	g := gifReader{rest: content}
	head := g.take(13)
	if g.bad || !bytes.HasPrefix(head, []byte("GIF8")) {
		return nil, 0, errGIF
	}
	clean = append(clean, head...)
	clean = append(clean, g.palette(head[10])...)
	for !g.bad {
		switch kind := g.take(1); {
		case g.bad:
		case kind[0] == ';':
			return append(clean, ';'), pictures, nil
		case kind[0] == ',':
			pictures++
			frame := g.take(9)
			if g.bad {
				break
			}
			clean = append(append(clean, ','), frame...)
			clean = append(clean, g.palette(frame[8])...)
			clean = append(clean, g.take(1)...)
			clean = append(clean, g.blocks()...)
		case kind[0] == '!':
			label := g.take(1)
			data := g.blocks()
			if !g.bad && (label[0] == 0xf9 || label[0] == 0xff && repeats(data)) {
				clean = append(append(append(clean, '!'), label...), data...)
			}
		default:
			return nil, 0, errGIF
		}
	}
	return nil, 0, errGIF
}

// repeats reports whether an application's block says how often to repeat.
func repeats(data []byte) bool {
	return len(data) > 12 && (string(data[1:12]) == "NETSCAPE2.0" || string(data[1:12]) == "ANIMEXTS1.0")
}

type gifReader struct {
	rest []byte
	bad  bool
}

func (g *gifReader) take(n int) []byte {
	if g.bad || len(g.rest) < n {
		g.bad = true
		return nil
	}
	out := g.rest[:n]
	g.rest = g.rest[n:]
	return out
}

func (g *gifReader) palette(flags byte) []byte {
	if flags&0x80 == 0 {
		return nil
	}
	return g.take(3 << (flags&7 + 1))
}

// blocks takes parts, each with its length before it, up to the empty one.
func (g *gifReader) blocks() []byte {
	from, n := g.rest, 0
	for {
		length := g.take(1)
		if g.bad {
			return nil
		}
		g.take(int(length[0]))
		if n += 1 + int(length[0]); length[0] == 0 || g.bad {
			break
		}
	}
	if g.bad {
		return nil
	}
	return from[:n]
}
