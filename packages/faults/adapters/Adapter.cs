using System;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

class Adapter {
    static void Main() {
        var client = new HttpClient();
        for (string line; (line = Console.ReadLine()) != null; ) {
            Func<string, string> text = name => Regex.Match(line, $"\"{name}\":\"?([^\",}}]*)").Groups[1].Value;
            var request = new HttpRequestMessage(new HttpMethod(text("method")), text("base_url") + text("path"));
            request.Headers.Add("Accept", "application/json");
            request.Headers.Add("Authorization", "Bearer " + text("token"));
            var body = Regex.Match(line, "\"body\":(\\{.*?\\})").Groups[1].Value;
            if (body != "") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            var deadline = new CancellationTokenSource(int.Parse(text("deadline_ms")));
            string outcome = "ok", output = "";
            try { // Call your client here, and let its errors through.
                var response = client.SendAsync(request, deadline.Token).GetAwaiter().GetResult();
                response.EnsureSuccessStatusCode();
            } catch (TaskCanceledException error) { outcome = "timeout"; output = error.Message; }
            catch (Exception error) { outcome = "error"; output = error.Message; }
            output = Regex.Replace(output, "[^ !#-\\[\\]-~]", "'");
            Console.WriteLine($"{{\"id\":\"{text("id")}\",\"outcome\":\"{outcome}\",\"output\":\"{output}\"}}");
        }
    }
}
